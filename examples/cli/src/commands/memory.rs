//! What ATLAS remembers for its host.

use atlas_core::domain::{MemoryEntry, MemoryFilter};
use atlas_core::{Atlas, Error, Result};
use serde_json::json;

use super::standard_input;
use crate::args::memory as args;
use crate::output::Output;
use crate::show;

pub fn run(atlas: &Atlas, command: &args::Memory, output: Output) -> Result<()> {
    match command {
        args::Memory::Put(args) => put(atlas, args, output),
        args::Memory::Get(name) => {
            let found = atlas.memory().get(&name.memory_type, &name.key)?;
            let entry = found.ok_or_else(|| nothing(name))?;
            output.answer(&entry, |_| show::memory::value(&entry))
        }
        args::Memory::List(filter) => {
            let entries = atlas.memory().list(&filter_of(filter))?;
            output.answer(&json!({"entries": entries}), |width| {
                show::memory::list(&entries, width)
            })
        }
        args::Memory::Search(args) => {
            let hits = atlas
                .memory()
                .search(&args.text, &filter_of(&args.filter), args.limit)?;
            output.answer(&json!({"entries": hits}), |width| {
                show::memory::hits(&hits, width)
            })
        }
        args::Memory::Delete(name) => {
            let deleted = atlas.memory().delete(&name.memory_type, &name.key)?;
            output.answer(&json!({"deleted": deleted}), |_| {
                show::memory::deleted(deleted)
            })
        }
        args::Memory::Expire => {
            let expired = atlas.memory().expire()?;
            output.answer(&json!({"expired": expired}), |_| {
                show::memory::expired(expired)
            })
        }
    }
}

fn put(atlas: &Atlas, args: &args::Put, output: Output) -> Result<()> {
    let value = match args.value.as_str() {
        "-" => standard_input()?,
        value => value.to_owned(),
    };
    let (memory_type, key) = (&args.name.memory_type, &args.name.key);
    let mut entry = match args.is_json {
        true => MemoryEntry::json(memory_type, key, value)?,
        false => MemoryEntry::text(memory_type, key, value),
    };
    entry.expires_at = args.expires;
    atlas.memory().put(&entry)?;
    output.answer(&entry, |_| show::memory::stored(&entry))
}

fn filter_of(filter: &args::Filter) -> MemoryFilter {
    MemoryFilter {
        memory_type: filter.memory_type.clone(),
        key_prefix: filter.prefix.clone(),
    }
}

fn nothing(name: &args::Name) -> Error {
    Error::InvalidValue {
        field: "KEY",
        value: name.key.clone(),
        expected: format!(
            "a key that is remembered as {}; `atlas memory list` shows them",
            name.memory_type
        ),
    }
}
