//! Documentation as other languages show it: without Rust's examples and links.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The lines of an item's documentation, without code blocks and links.
pub fn documentation(attributes: &[Attribute]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut code = false;
    for text in attributes.iter().filter_map(line) {
        match text.trim_start().starts_with("```") {
            true => code = !code,
            false if !code => lines.push(without_links(text.trim())),
            false => {}
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Links to items as their names.
pub fn without_links(text: &str) -> String {
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
