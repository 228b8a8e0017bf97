//! Texts of cells and fields that an editor may have written in HTML.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::to_text;
use crate::text::plain::unix_lines;
use crate::text::tags::{FORMAT, HtmlTag, STRUCTURE, decode_into, tags_of};

/// The plain text of a cell or field of a tool whose editor writes HTML (Zephyr, TestRail, TestLink,
/// Azure DevOps).
///
/// Lists become `1.` and `-` items, `<br>` and `<p>` lines; entities are decoded once. Only known
/// tags that are closed count as HTML, so `a < b`, `<placeholder>`, `List<String>` and a lone `<b>`
/// stay, and so does code between backticks. Where line breaks and formatting are the only
/// tags, all other characters stay as they are.
pub(crate) fn plain_cell(text: &str) -> String {
    plain(text, Breaks::All)
}

/// Which `<br>` break lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breaks {
    All,
    /// Those that do not stand between backticks.
    OutsideCode,
}

fn plain(text: &str, breaks: Breaks) -> String {
    let text = unix_lines(text);
    match kind(&text, breaks) {
        HtmlKind::Blocks => blocks(&text, breaks),
        HtmlKind::Plain | HtmlKind::Format | HtmlKind::Breaks => inline(&text, breaks),
    }
}

/// The same for a cell of a table of anybody's, which is HTML only where it is written as such: it
/// breaks its lines with tags, or begins with a tag that it closes.
pub(crate) fn undone(text: &str) -> Cow<'_, str> {
    let is_written = match kind(text, Breaks::OutsideCode) {
        HtmlKind::Breaks => true,
        HtmlKind::Blocks => {
            let start = text.trim_start();
            let block = |tag: &HtmlTag<'_>| is(&STRUCTURE, tag) && !tag.closes;
            let first = tags_of(start).next().filter(|(at, _)| *at == 0);
            first.is_some_and(|(_, tag)| block(&tag))
                || tags(text, Breaks::OutsideCode).any(|(_, tag)| is(&["br", "li"], &tag))
        }
        HtmlKind::Plain | HtmlKind::Format => false,
    };
    match is_written {
        true => Cow::Owned(plain(text, Breaks::OutsideCode)),
        false => Cow::Borrowed(text),
    }
}

/// What of HTML a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HtmlKind {
    Plain,
    /// Bold and the like.
    Format,
    /// Line breaks, and perhaps formatting.
    Breaks,
    /// Paragraphs, lists, links, tables.
    Blocks,
}

fn kind(text: &str, breaks: Breaks) -> HtmlKind {
    if !text.contains('<') {
        return HtmlKind::Plain;
    }
    let counts = TagCounts::of(text, breaks);
    let mut kind = HtmlKind::Plain;
    for (_, tag) in tags(text, breaks).filter(|(_, tag)| counts.counts(tag)) {
        match tag {
            _ if is(&["br"], &tag) => kind = HtmlKind::Breaks,
            _ if is(&STRUCTURE, &tag) => return HtmlKind::Blocks,
            _ if kind == HtmlKind::Plain => kind = HtmlKind::Format,
            _ => {}
        }
    }
    kind
}

/// The known tags outside of code between backticks, with their places.
fn tags(text: &str, breaks: Breaks) -> impl Iterator<Item = (usize, HtmlTag<'_>)> {
    let mut code = code_spans(text).into_iter().peekable();
    tags_of(text).filter(move |(at, tag)| {
        while code.next_if(|span| span.end <= *at).is_some() {}
        let in_code = code.peek().is_some_and(|span| span.contains(at));
        let counts = !in_code || (breaks == Breaks::All && is(&["br"], tag));
        counts && (is(&STRUCTURE, tag) || is(&FORMAT, tag))
    })
}

/// Where text stands between two backticks of one line.
fn code_spans(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in text.match_indices(['`', '\n']) {
        open = match (c, open) {
            ("`", Some(start)) => {
                spans.push(start..at);
                None
            }
            ("`", None) => Some(at),
            _ => None,
        };
    }
    spans
}

fn is(names: &[&str], tag: &HtmlTag<'_>) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(tag.name))
}

/// How often each tag is opened and closed.
struct TagCounts(HashMap<String, (usize, usize)>);

impl TagCounts {
    fn of(text: &str, breaks: Breaks) -> Self {
        let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
        for (_, tag) in tags(text, breaks) {
            let (opened, closed) = counts.entry(tag.name.to_ascii_lowercase()).or_default();
            match tag.closes {
                true => *closed += 1,
                false => *opened += 1,
            }
        }
        TagCounts(counts)
    }

    fn is_paired(&self, tag: &HtmlTag<'_>) -> bool {
        let found = self.0.get(&tag.name.to_ascii_lowercase());
        found.is_some_and(|(opened, closed)| *opened > 0 && *closed > 0)
    }

    /// Whether it is HTML rather than a word about it. Breaks stand alone; paragraphs and items may
    /// stay open where there are several.
    fn counts(&self, tag: &HtmlTag<'_>) -> bool {
        let many = || {
            self.0
                .get(&tag.name.to_ascii_lowercase())
                .is_some_and(|(opened, _)| *opened > 1)
        };
        is(&["br", "hr", "img"], tag) || self.is_paired(tag) || (is(&["p", "li"], tag) && many())
    }
}

/// Breaks as line feeds, formatting taken out, all else as it is.
fn inline(text: &str, breaks: Breaks) -> String {
    let counts = TagCounts::of(text, breaks);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, tag) in tags(text, breaks) {
        let is_break = is(&["br"], &tag);
        if at < from || !(is_break || counts.is_paired(&tag)) {
            continue;
        }
        decode_into(&mut out, text.get(from..at).unwrap_or_default());
        from = tag.end;
        if is_break {
            out.push('\n');
            // The line feed after the tag is the same break.
            from += usize::from(text.get(from..).is_some_and(|rest| rest.starts_with('\n')));
        }
    }
    decode_into(&mut out, text.get(from..).unwrap_or_default());
    out
}

/// Characters of nobody's that carry `<` and `&` through Markdown.
const HELD: [(&str, &str, char); 2] = [("&lt;", "<", '\u{e000}'), ("&amp;", "&", '\u{e001}')];

fn blocks(text: &str, breaks: Breaks) -> String {
    let mut html = with_breaks(text, breaks);
    for (entity, _, held) in HELD {
        html = html.replace(entity, held.encode_utf8(&mut [0; 4]));
    }
    let mut plain = to_text(&html);
    for (_, plainly, held) in HELD {
        plain = plain.replace(held, plainly);
    }
    plain
}

/// The HTML with `<br>` where a line feed in it means a new line: between its blocks, and before an
/// item that somebody numbered by hand.
fn with_breaks(text: &str, breaks: Breaks) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let (mut from, mut depth, mut in_code, mut after_block) = (0, 0usize, false, true);
    let ends: [(usize, Option<HtmlTag<'_>>); 1] = [(text.len(), None)];
    let all = tags(text, breaks)
        .map(|(at, tag)| (at, Some(tag)))
        .chain(ends);
    for (at, tag) in all {
        let Some(part) = text.get(from..at) else {
            continue;
        };
        let block = tag.as_ref().is_none_or(is_block);
        let lines: Vec<&str> = part.split('\n').collect();
        for (number, line) in lines.iter().enumerate() {
            let between = number > 0
                && !(number == 1 && after_block && lines[0].trim().is_empty())
                && !(number + 1 == lines.len() && block && line.trim().is_empty());
            let is_new = !in_code && between && (depth == 0 || begins_item(line));
            match number {
                0 => {}
                _ if is_new => out.push_str("<br>"),
                _ => out.push('\n'),
            }
            out.push_str(line);
        }
        let Some(tag) = tag else { break };
        after_block = block || (after_block && part.trim().is_empty());
        if is(&["pre"], &tag) {
            in_code = !tag.closes;
        }
        if is(&CONTAINERS, &tag) {
            depth = match tag.closes {
                true => depth.saturating_sub(1),
                false => depth + 1,
            };
        }
        out.push_str(text.get(at..tag.end).unwrap_or_default());
        from = tag.end;
    }
    out
}

/// Elements in which a line feed is a blank.
const CONTAINERS: [&str; 14] = [
    "p",
    "li",
    "div",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "dd",
    "dt",
    "blockquote",
];

fn is_block(tag: &HtmlTag<'_>) -> bool {
    is(&STRUCTURE, tag) && !is(&["a", "img"], tag)
}

/// `2. `, `2) ` or `- ` at the start.
fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with(") "));
    number || ["- ", "* ", "• "].iter().any(|mark| line.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_write_is_undone() {
        let cases = [
            (
                "<ol><li>Open</li><li>Submit</li></ol>",
                "1. Open\n2. Submit",
            ),
            (
                "<ul>\n  <li>Open\n    it</li>\n  <li>Submit</li>\n</ul>",
                "- Open it\n- Submit",
            ),
            (
                "<ol><li>Type<ul><li>a</li></ul></li><li>Save</li></ol>",
                "1. Type\n  - a\n2. Save",
            ),
            ("<p>It&#039;s &lt;b&gt; &amp;lt;</p>", "It's <b> &lt;"),
            ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
            ("<p>1. Open\n2. Submit</p>", "1. Open\n2. Submit"),
            ("<p>One<p>Two", "One\n\nTwo"),
            (
                "1. Open<br>2. Submit<br />\n3. Look",
                "1. Open\n2. Submit\n3. Look",
            ),
            ("1. Open <b>it</b>\n2. <i>Look</i>", "1. Open it\n2. Look"),
            (
                "Open <a href=\"http://x.y/z\">it</a>\nLook",
                "Open it (http://x.y/z)\nLook",
            ),
            ("<p>a*b_c_ [d](e) # f</p>", "a*b_c_ [d](e) # f"),
            ("x &amp; y &nbsp;", "x & y  "),
        ];
        for (html, plain) in cases {
            assert_eq!(plain_cell(html), plain, "{html}");
        }
    }

    #[test]
    fn what_only_looks_like_a_tag_stays() {
        for text in [
            "a < b and c > d",
            "Type <placeholder>",
            "List<String> is shown",
            "Open <b>",
            "`<p>x</p>` is typed",
            "Type <p> first",
            "`<i>x</i>`",
            "x <= y",
            "  two  blanks\n\n  and lines ",
        ] {
            assert_eq!(plain_cell(text), text);
            assert_eq!(undone(text), text);
        }
        for text in [
            "Type <div>x</div> into it",
            "<i>Tom</i> &amp; Co",
            "Use <b>bold</b>",
        ] {
            assert_eq!(undone(text), text);
        }
        assert_eq!(undone("<p>Home</p>"), "Home");
        assert_eq!(undone("Open<br/>Look &lt;here&gt;"), "Open\nLook <here>");
    }
}
