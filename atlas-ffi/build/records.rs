//! The core's records and enums, as uniffi is to see them.
//!
//! uniffi knows types of another crate by declarations that repeat them (`#[uniffi::remote]`). They
//! are made here from the core's source, with its documentation, so that nothing is copied by hand
//! and the core stays free of uniffi. `records.txt` lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::{Attribute, Field, Fields, Item, Type, Visibility};

/// Values that a caller may leave out, beside options (none), lists (empty) and switches (off).
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("BacktestOptions", "learn_first", "0"),
    ("BacktestOptions", "resamples", "1000"),
    ("BacktestOptions", "retrain_every", "20"),
    ("BacktestOptions", "seed", "1"),
    ("DetectOptions", "limit", "0"),
    ("DetectOptions", "min_tickets", "2"),
    ("DetectOptions", "similarity", "0.62"),
    ("Draft", "ticket_type", "\"\""),
    ("NearDuplicates", "limit", "50"),
    ("NearDuplicates", "similarity", "0.9"),
    ("Settings", "approximate_from", "100000"),
    ("Settings", "pattern_tokens", "256"),
    ("Settings", "retrain_after", "Some(20)"),
    ("Settings", "ticket_tokens", "128"),
    ("SimilarOptions", "filter", ""),
    ("SimilarOptions", "limit", "10"),
    ("SimilarOptions", "threshold", "0.0"),
    ("TestImport", "columns", ""),
    ("TestImport", "reading", ""),
    ("TestPattern", "frequency", "0"),
    ("TestPattern", "is_active", "true"),
    ("TestPattern", "success_rate", "0.0"),
    ("Ticket", "status", "\"\""),
    ("Ticket", "ticket_type", "\"\""),
    ("TicketImport", "columns", ""),
    ("TicketImport", "reading", ""),
];

/// The declarations of all records, and which of them have a default.
pub struct Records {
    /// The source.
    pub text: String,
    /// The names of the records that implement `Default`.
    pub with_default: BTreeSet<String>,
}

/// The records and enums that `records.txt` names.
pub fn written(core: &Path) -> Records {
    println!("cargo::rerun-if-changed=records.txt");
    let list = fs::read_to_string("records.txt").expect("records.txt is there");
    let mut records = Records {
        text: String::new(),
        with_default: BTreeSet::new(),
    };
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (Some(file), Some(module)) = (words.next(), words.next()) else {
            continue;
        };
        let file = core.join(file);
        println!("cargo::rerun-if-changed={}", file.display());
        let source =
            fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let names: BTreeMap<&str, &str> = words
            .map(|name| name.split_once('>').unwrap_or((name, name)))
            .collect();
        records.text += &declarations(&source, module, names, &file);
        let items = syn::parse_file(&source).expect("the core compiles").items;
        records
            .with_default
            .extend(items.iter().filter_map(with_default));
    }
    records
}

/// The name of a struct that implements `Default`.
fn with_default(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => {
            let derives = item
                .attrs
                .iter()
                .filter(|one| one.path().is_ident("derive"));
            let mut lists = derives.map(|one| one.to_token_stream().to_string());
            let derived = lists.any(|list| list.contains("Default"));
            derived.then(|| item.ident.to_string())
        }
        Item::Impl(item) => {
            let of = item.trait_.as_ref().and_then(|of| of.1.segments.last());
            let is_default = of.is_some_and(|of| of.ident == "Default");
            is_default.then(|| item.self_ty.to_token_stream().to_string())
        }
        _ => None,
    }
}

/// The declarations of a file's types, each with its import.
fn declarations(source: &str, module: &str, names: BTreeMap<&str, &str>, file: &Path) -> String {
    let module = if module == "-" { "" } else { module };
    let path = format!("::atlas_core::{module}")
        .trim_end_matches(':')
        .to_owned();
    let items = syn::parse_file(source).expect("the core compiles").items;
    let mut written = String::new();
    let mut missing = names.clone();
    for item in items {
        let (name, declared) = match &item {
            Item::Struct(item) if names.contains_key(&*item.ident.to_string()) => {
                let name = item.ident.to_string();
                (
                    name.clone(),
                    record(&name, names[&*name], &item.attrs, &item.fields),
                )
            }
            Item::Enum(item) if names.contains_key(&*item.ident.to_string()) => {
                let name = item.ident.to_string();
                (name.clone(), enumeration(names[&*name], item))
            }
            _ => continue,
        };
        missing.remove(&*name);
        let named = match names[&*name] {
            same if same == name => name,
            other => format!("{name} as {other}"),
        };
        written += &format!("pub use {path}::{named};\n{}\n", renamed(declared, &names));
    }
    assert!(missing.is_empty(), "{} has no {missing:?}", file.display());
    written
}

/// The declaration with the names that other types of its file have here.
fn renamed(declared: String, names: &BTreeMap<&str, &str>) -> String {
    let other = names.iter().filter(|(old, new)| old != new);
    other.fold(declared, |text, (old, new)| {
        text.replace(&format!("< {old} >"), &format!("< {new} >"))
    })
}

fn record(name: &str, shown: &str, attributes: &[Attribute], fields: &Fields) -> String {
    let doc = documentation(attributes);
    let fields = fields.iter().map(|field| {
        assert!(
            matches!(field.vis, Visibility::Public(_)),
            "{name} has a private field"
        );
        let (doc, default) = (documentation(&field.attrs), default(name, field));
        let (ident, ty) = (&field.ident, &field.ty);
        format!(
            "{doc}{default}pub {}: {},\n",
            ident.to_token_stream(),
            ty.to_token_stream()
        )
    });
    let fields: String = fields.collect();
    format!("{doc}#[uniffi::remote(Record)]\npub struct {shown} {{\n{fields}}}")
}

fn enumeration(shown: &str, item: &syn::ItemEnum) -> String {
    let doc = documentation(&item.attrs);
    let open = match item
        .attrs
        .iter()
        .any(|a| a.path().is_ident("non_exhaustive"))
    {
        true => "#[non_exhaustive]\n",
        false => "",
    };
    let variants = item.variants.iter().map(|variant| {
        let (doc, ident) = (documentation(&variant.attrs), &variant.ident);
        let fields = variant.fields.iter().map(|field| {
            let (doc, ident, ty) = (documentation(&field.attrs), &field.ident, &field.ty);
            match ident {
                Some(ident) => format!("{doc}{ident}: {}, ", ty.to_token_stream()),
                None => format!("{doc}{}, ", ty.to_token_stream()),
            }
        });
        let fields: String = fields.collect();
        match variant.fields {
            Fields::Unit => format!("{doc}{ident},\n"),
            Fields::Named(_) => format!("{doc}{ident} {{ {fields} }},\n"),
            Fields::Unnamed(_) => format!("{doc}{ident}({fields}),\n"),
        }
    });
    let variants: String = variants.collect();
    format!("{doc}#[uniffi::remote(Enum)]\n{open}pub enum {shown} {{\n{variants}}}")
}

/// What a field is where the caller does not say.
fn default(record: &str, field: &Field) -> String {
    let name = field.ident.to_token_stream().to_string();
    let given = DEFAULTS.iter().find(|(r, f, _)| *r == record && *f == name);
    let ty = match &field.ty {
        Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
        _ => None,
    };
    let value = match (given, ty.as_deref()) {
        (Some((_, _, value)), _) => value,
        (None, Some("Option")) => "None",
        (None, Some("Vec")) => "[]",
        (None, Some("bool")) => "false",
        _ => return String::new(),
    };
    match value {
        "" => "#[uniffi(default)]\n".to_owned(),
        value => format!("#[uniffi(default = {value})]\n"),
    }
}

fn documentation(attributes: &[Attribute]) -> String {
    crate::attributes(&atlas_surface::documentation(attributes))
}
