//! HTML to plain text: old Jira descriptions, rich-text editors, rendered fields.

mod cell;
mod table;

use std::collections::HashMap;

use super::markdown;
use super::plain::{PlainText, unix_lines};
use super::tags::{FORMAT, STRUCTURE, tags_of, without_tags};

pub(crate) use cell::{plain_cell, undone};
pub(crate) use table::rows as table_rows;

/// The plain text of HTML, whole or in pieces, well-formed or not.
///
/// `htmd` reads it as browsers do and writes Markdown, which [`markdown::to_text`] brings to the
/// plain form. What only looks like a tag, such as `<user name>`, stays as text. HTML nested
/// beyond all reason, or of more tags than any text has, which would take unbounded time, stack and
/// memory, is freed of its tags instead.
///
/// ```
/// use atlas_core::text::html;
/// let text = html::to_text("<div><h3>Steps</h3><ol><li>Tap <b>A &amp; B</b><li>Add <user name></ol>");
/// assert_eq!(text, "### Steps\n\n1. Tap A & B\n2. Add <user name>");
/// ```
pub fn to_text(html: &str) -> String {
    let html = unix_lines(html);
    let (structure, reasonable) = structure_only(&html);
    if reasonable && let Ok(markdown) = htmd::convert(&structure) {
        return markdown::to_text(&markdown);
    }
    let mut out = PlainText::default();
    out.text(&without_tags(&html));
    out.finish()
}

/// The HTML with nothing but the tags that make structure, and whether parsing it is bounded work.
///
/// Formatting goes (misnested, it spoils the Markdown of what it surrounds), and every other `<`
/// becomes text, so that the parser swallows no words.
fn structure_only(html: &str) -> (String, bool) {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut work = ParsingWork::default();
    let (mut from, mut in_code) = (0, false);
    for (at, tag) in tags_of(html) {
        if at < from {
            continue;
        }
        escape_into(&mut out, &html[from..at]);
        let name = tag.name.to_ascii_lowercase();
        let text = &html[at..tag.end];
        from = tag.end;
        match (name.as_str(), tag.closes) {
            // Fenced code is `<code>` in `<pre>`, whatever of the two is there.
            ("pre", false) if !in_code => {
                in_code = true;
                out.push_str(text);
                out.push_str("<code>");
            }
            ("pre", true) if in_code => {
                in_code = false;
                out.push_str("</code></pre>");
            }
            (name, closes) if STRUCTURE.contains(&name) => {
                work.add(name, closes);
                match text.len() <= LONGEST_TAG {
                    true => out.push_str(text),
                    false if closes => out.push_str(&format!("</{name}>")),
                    false => out.push_str(&format!("<{name}>")),
                }
            }
            (name, _) if FORMAT.contains(&name) => {}
            _ => escape_into(&mut out, text),
        }
    }
    escape_into(&mut out, &html[from..]);
    (out, work.is_bounded())
}

/// What parsing costs: tags times depth in time, depth in stack.
#[derive(Default)]
struct ParsingWork {
    open: HashMap<String, usize>,
    tags: usize,
    depth: usize,
    deepest: usize,
}

impl ParsingWork {
    fn add(&mut self, name: &str, closes: bool) {
        self.tags += 1;
        if FLAT.contains(&name) {
            return;
        }
        let open = self.open.entry(name.to_owned()).or_default();
        if !closes {
            *open += 1;
            self.depth += 1;
            self.deepest = self.deepest.max(self.depth);
        } else if *open > 0 {
            *open -= 1;
            self.depth -= 1;
        }
    }

    fn is_bounded(&self) -> bool {
        self.deepest <= 100 && self.tags * self.deepest <= 4_000_000 && self.tags <= MOST_TAGS
    }
}

/// The longest tag whose attributes are kept.
const LONGEST_TAG: usize = 2_000;
/// Each takes some hundred bytes while it is parsed.
const MOST_TAGS: usize = 100_000;

/// Elements whose start closes their like, so that they do not nest.
const FLAT: [&str; 7] = ["p", "li", "br", "hr", "img", "dd", "dt"];

/// Text with every `<` as an entity; other entities stay.
fn escape_into(out: &mut String, text: &str) {
    for (i, part) in text.split('<').enumerate() {
        out.push_str(if i > 0 { "&lt;" } else { "" });
        out.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_html_keeps_its_words() {
        let html = "<div><p>1.open &lt;app&gt;<br>\n2.tap <em>it</p>\n<pre>a  b\n c</pre></em><a href=\"http://x.y/z\">here</a>";
        let text = to_text(html);
        assert_eq!(
            text,
            "1.open <app>\n2.tap it\n\n```\na  b\n c\n```\n\nhere (http://x.y/z)"
        );
    }

    #[test]
    fn hostile_html_is_read_to_its_end() {
        for piece in [
            "<div>",
            "<b>",
            "<p><b id=x>",
            "<table><td>",
            "<",
            "<a <",
            "&",
            "<svg><option>",
            "</p>",
            "<ul><li>",
        ] {
            let html = piece.repeat(1_000_000 / piece.len()) + "words";
            // A parser whose time grew with the square of this would not come to the end.
            assert!(to_text(&html).contains("words"), "{piece}");
        }
    }
}
