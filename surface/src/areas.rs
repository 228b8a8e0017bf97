//! `Atlas`, its areas, and their methods.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use quote::ToTokens;
use syn::{FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Pat, ReturnType, Type, Visibility};

use crate::documentation;

/// `Atlas` itself or one of its areas.
#[derive(Debug, Clone)]
pub struct Area {
    /// The type's name, such as `Tickets`.
    pub name: String,
    /// The method of `Atlas` that gives it; nothing for `Atlas` itself.
    pub accessor: Option<String>,
    /// Its documentation, line by line.
    pub documentation: Vec<String>,
    /// Its public methods, by name.
    pub methods: Vec<Method>,
}

/// A public method.
#[derive(Debug, Clone)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Its documentation, line by line.
    pub documentation: Vec<String>,
    /// What it takes beside the object.
    pub arguments: Vec<Argument>,
    /// What it returns, within `Result` if it is fallible; nothing for `()`.
    pub output: Option<String>,
    /// Whether it returns a `Result`.
    pub is_fallible: bool,
    /// Whether it takes the object, and does not end it.
    pub takes_self: bool,
}

/// An argument of a method.
#[derive(Debug, Clone)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its type as Rust writes it, without blanks within.
    pub kind: String,
}

/// The public methods of `AtlasBuilder`, by name.
///
/// # Errors
/// As [`areas`].
pub fn builder(core: &Path) -> io::Result<Vec<Method>> {
    let items = items(&core.join("atlas"))?;
    let of_builder = items.iter().filter_map(inherent);
    let of_builder = of_builder.filter(|one| name_of(&one.self_ty) == "AtlasBuilder");
    let methods = of_builder.flat_map(|one| one.items.iter().filter_map(method));
    let mut methods: Vec<Method> = methods.collect();
    methods.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(methods)
}

/// `Atlas` first, then its areas in the order of its methods that give them; methods by name.
///
/// # Errors
/// What reading the folder says, or `InvalidData` for source that is not Rust.
pub fn areas(core: &Path) -> io::Result<Vec<Area>> {
    let items = items(&core.join("atlas"))?;
    let mut methods: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    for implementation in items.iter().filter_map(inherent) {
        let found = implementation.items.iter().filter_map(method);
        let of = methods.entry(name_of(&implementation.self_ty)).or_default();
        of.extend(found);
    }
    let documented = items.iter().filter_map(|item| match item {
        Item::Struct(item) if matches!(item.vis, Visibility::Public(_)) => {
            Some((item.ident.to_string(), documentation(&item.attrs)))
        }
        _ => None,
    });
    let documented: BTreeMap<String, Vec<String>> = documented.collect();
    let mut root = methods.remove("Atlas").unwrap_or_default();
    let gives = |method: &Method| {
        let output = method.output.as_ref();
        method.takes_self
            && method.arguments.is_empty()
            && !method.is_fallible
            && output.is_some_and(|output| methods.contains_key(output))
    };
    let accessors: Vec<Method> = root.iter().filter(|one| gives(one)).cloned().collect();
    root.retain(|one| !gives(one));
    let area = |name: &str, accessor: Option<String>, mut methods: Vec<Method>| {
        methods.sort_by(|a, b| a.name.cmp(&b.name));
        Area {
            accessor,
            documentation: documented.get(name).cloned().unwrap_or_default(),
            methods,
            name: name.to_owned(),
        }
    };
    let mut areas = vec![area("Atlas", None, root)];
    for accessor in accessors {
        let name = accessor.output.unwrap_or_default();
        let methods = methods.remove(&name).unwrap_or_default();
        areas.push(area(&name, Some(accessor.name), methods));
    }
    Ok(areas)
}

/// The items of all files in a folder and below.
fn items(folder: &Path) -> io::Result<Vec<Item>> {
    let mut items = Vec::new();
    for path in sources(folder)? {
        let file = syn::parse_file(&fs::read_to_string(&path)?);
        let invalid = |error| {
            let text = format!("{}: {error}", path.display());
            io::Error::new(io::ErrorKind::InvalidData, text)
        };
        items.extend(file.map_err(invalid)?.items);
    }
    Ok(items)
}

/// The Rust files in a folder and below, in the order of their paths.
fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn inherent(item: &Item) -> Option<&ItemImpl> {
    match item {
        Item::Impl(item) if item.trait_.is_none() => Some(item),
        _ => None,
    }
}

fn name_of(kind: &Type) -> String {
    match kind {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.map_or_else(String::new, |last| last.ident.to_string())
        }
        _ => String::new(),
    }
}

fn method(item: &ImplItem) -> Option<Method> {
    let ImplItem::Fn(function) = item else {
        return None;
    };
    let is_public = matches!(function.vis, Visibility::Public(_));
    is_public.then(|| of_function(function))
}

fn of_function(function: &ImplItemFn) -> Method {
    let signature = &function.sig;
    let borrows =
        |argument: &FnArg| matches!(argument, FnArg::Receiver(it) if it.reference.is_some());
    let argument = |argument: &FnArg| match argument {
        FnArg::Receiver(_) => None,
        FnArg::Typed(typed) => {
            let Pat::Ident(name) = &*typed.pat else {
                return None;
            };
            Some(Argument {
                name: name.ident.to_string(),
                kind: written(&typed.ty),
            })
        }
    };
    let output = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, kind) => written(kind),
    };
    let inner = output
        .strip_prefix("Result<")
        .and_then(|inner| inner.strip_suffix('>'));
    let is_fallible = inner.is_some();
    let output = inner.unwrap_or(&output).to_owned();
    Method {
        name: signature.ident.to_string(),
        documentation: documentation(&function.attrs),
        arguments: signature.inputs.iter().filter_map(argument).collect(),
        output: Some(output).filter(|output| !output.is_empty() && output != "()"),
        is_fallible,
        takes_self: signature.inputs.first().is_some_and(borrows),
    }
}

/// A type without the blanks of tokens, but for those that part words.
fn written(kind: &Type) -> String {
    let text = kind.to_token_stream().to_string();
    let mut written = String::new();
    let chars: Vec<char> = text.chars().collect();
    let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    for (place, c) in chars.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| chars.get(place));
        if *c != ' ' || (is_word(before) && is_word(chars.get(place + 1))) {
            written.push(*c);
        }
    }
    written
}
