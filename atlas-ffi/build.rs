//! Writes `records.rs`: the core's records and enums, as uniffi is to see them.
//!
//! uniffi knows types of another crate by declarations that repeat them (`#[uniffi::remote]`). They
//! are made here from the core's source, with its documentation, so that nothing is copied by hand
//! and the core stays free of uniffi. `records.txt` lists them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Field, Fields, Item, Lit, Meta, Type, Visibility};

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

fn main() {
    let core = Path::new("../atlas-core/src");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=records.txt");
    let list = fs::read_to_string("records.txt").expect("records.txt is there");
    let mut written = String::new();
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
        written += &declarations(&source, module, names, &file);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("records.rs"), written).expect("OUT_DIR can be written");
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

/// The documentation without Rust's examples and links, which other languages do not know.
fn documentation(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    let mut code = false;
    for attribute in attributes {
        let Meta::NameValue(pair) = &attribute.meta else {
            continue;
        };
        let (
            true,
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }),
        ) = (pair.path.is_ident("doc"), &pair.value)
        else {
            continue;
        };
        let text = text.value();
        match text.trim_start().starts_with("```") {
            true => code = !code,
            false if !code => lines.push(without_links(text.trim())),
            false => {}
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let lines = lines
        .iter()
        .map(|line| quote!(#[doc = #line]).to_string() + "\n");
    lines.collect()
}

/// ``[`Atlas::predict`](path)`` as `` `Atlas.predict` ``.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("[`") {
        let Some(end) = rest[at..].find("`]") else {
            break;
        };
        plain += &rest[..at];
        plain += &rest[at + 1..at + end + 1].replace("::", ".");
        rest = &rest[at + end + 2..];
        if rest.starts_with('(') {
            rest = rest.find(')').map_or(rest, |close| &rest[close + 1..]);
        }
    }
    plain + rest
}
