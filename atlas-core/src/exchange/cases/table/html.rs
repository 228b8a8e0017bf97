//! Cells that are HTML, as plain text.

use crate::text::html;

/// Tags after which the text is laid out as a page.
const BLOCKS: [&str; 9] = [
    "<p", "<div", "<ol", "<ul", "<li", "<table", "<h1", "<h2", "<h3",
];
/// Tags that only change how letters look.
const INLINE: [&str; 11] = [
    "b", "strong", "i", "em", "u", "span", "code", "sub", "sup", "font", "mark",
];
const ENTITIES: [(&str, &str); 8] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#039;", "'"),
    ("&apos;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

/// The plain text of a cell; its own line ends stay, and what only looks like a tag does too.
pub(super) fn plain_cell(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    if BLOCKS.iter().any(|tag| lower.contains(tag)) {
        return html::to_text(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        let after = &rest[start..];
        let end = after.find('>').map_or(after.len(), |end| end + 1);
        let tag = after[1..end].trim_end_matches('>');
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "br" => plain.push('\n'),
            name if INLINE.contains(&name) => {}
            _ => {
                plain.push('<');
                rest = &after[1..];
                continue;
            }
        }
        rest = &after[end..];
    }
    plain.push_str(rest);
    let undone = |text: String, (entity, letter): &(&str, &str)| text.replace(entity, letter);
    ENTITIES.iter().fold(plain, undone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_lines() {
        for (html, plain) in [
            ("Open<br/>the page", "Open\nthe page"),
            ("x &amp; y &lt;b&gt;", "x & y <b>"),
            ("1. <b>Open</b>\n2. Submit", "1. Open\n2. Submit"),
            ("if a < b or <user name>", "if a < b or <user name>"),
            ("plain", "plain"),
        ] {
            assert_eq!(plain_cell(html), plain);
        }
        assert_eq!(
            plain_cell("<ol><li>Open</li><li>Go</li></ol>"),
            "1. Open\n2. Go"
        );
    }
}
