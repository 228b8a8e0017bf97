//! Jira wiki markup (Data Center, REST v2, CSV exports) to plain text.
//!
//! Two passes: macros in braces cut the text into raw bodies (code, HTML) and rich text; rich
//! text is read line by line, and each line by `inline`. Both look at every byte a bounded
//! number of times, so that hostile text costs no more than its length.

pub(crate) mod entities;
mod inline;

use std::collections::HashMap;

use serde_json::Value;

use super::plain::{PlainText, unix_lines};
use super::{adf_document, html};

/// The plain text of a description in wiki markup.
///
/// Emphasis marks go only where Jira itself would read them as such; unknown `{macros}` stay.
///
/// ```
/// use atlas_core::text::wiki;
/// let text = wiki::to_text("h2. Steps\r\n# Open *Settings*\r\n# Keep a_b_c and 2*3*4\r\n{code:js}x();{code}");
/// assert_eq!(text, "## Steps\n\n1. Open Settings\n2. Keep a_b_c and 2*3*4\n  ```js\n  x();\n  ```");
/// ```
pub fn to_text(wiki: &str) -> String {
    let text = unix_lines(wiki);
    let mut page = WikiPage::default();
    page.read(&text);
    page.out.finish()
}

/// The plain text of a field that is a string: wiki markup, or a document of Jira Cloud's in a string.
pub(super) fn string_to_text(text: &str) -> String {
    match adf_document::embedded(text) {
        Some(document) => adf_document::to_text(&document),
        None => to_text(text),
    }
}

/// Item marks longer than this are decoration, not a list.
const DEEPEST_LIST: usize = 10;
/// A macro's parameters are short; braces further apart are something else.
const LONGEST_MACRO: usize = 300;

#[derive(Default)]
struct WikiPage {
    out: PlainText,
    /// Rich text up to the next block macro.
    rich: String,
    /// The open list levels: their mark and the last number given.
    levels: Vec<(char, u64)>,
    /// A blank line was seen, which ends a list unless an item follows.
    after_blank: bool,
    in_table: bool,
    /// A table row whose line does not end in `|` goes on in the next one.
    open_row: Option<String>,
    in_quote: bool,
}

/// A `{name}` or `{name:parameters}`.
struct Macro<'a> {
    name: &'a str,
    parameters: &'a str,
    length: usize,
}

impl WikiPage {
    fn read(&mut self, text: &str) {
        let mut unclosed: Vec<&str> = Vec::new();
        let mut boxes: Vec<&str> = Vec::new();
        let mut last_ends: HashMap<&str, usize> = HashMap::new();
        let mut quotes = text.matches("{quote}").count();
        let mut at = 0;
        while let Some(found) = text[at..].find('{') {
            let open = at + found;
            self.rich.push_str(&text[at..open]);
            let rest = &text[open..];
            let literal = rest.starts_with("{{") || self.rich.ends_with('\\');
            let Some(tag) = (!literal).then(|| parse_macro(rest)).flatten() else {
                let length = if rest.starts_with("{{") { 2 } else { 1 };
                self.rich.push_str(&rest[..length]);
                at = open + length;
                continue;
            };
            at = open + tag.length;
            match tag.name {
                "code" | "noformat" | "html" | "adf" => {
                    // Without an end, the tag goes and its text stays.
                    if unclosed.contains(&tag.name) {
                        continue;
                    }
                    let end = format!("{{{}}}", tag.name);
                    match text[at..].find(&end) {
                        Some(length) => {
                            self.raw(&tag, &text[at..at + length]);
                            at += length + end.len();
                        }
                        None => unclosed.push(tag.name),
                    }
                }
                "quote" => {
                    quotes = quotes.saturating_sub(1);
                    self.toggle_quote(quotes > 0);
                }
                "panel" => self.boxed(&tag),
                // A box has two ends; a word in braces has one.
                "expand" | "info" | "note" | "tip" | "warning" => {
                    let opens = !boxes.contains(&tag.name);
                    let last = *last_ends
                        .entry(tag.name)
                        .or_insert_with(|| text.rfind(&format!("{{{}}}", tag.name)).unwrap_or(0));
                    if opens && last < at {
                        self.rich.push_str(&text[open..at]);
                        continue;
                    }
                    match opens {
                        true => boxes.push(tag.name),
                        false => boxes.retain(|open| *open != tag.name),
                    }
                    self.boxed(&tag);
                }
                "toc" => {
                    let alone = self.rich.is_empty() || self.rich.ends_with(char::is_whitespace);
                    let ends = text[at..].chars().next().is_none_or(char::is_whitespace);
                    if !(alone && ends) {
                        self.rich.push_str(&text[open..at]);
                    }
                }
                // A lozenge and a link to an issue are what they show.
                "status" => self.rich.push_str(title(tag.parameters).unwrap_or("")),
                "jira" => self.rich.push_str(tag.parameters),
                // Colours and anchors leave nothing.
                _ => {}
            }
        }
        self.rich.push_str(&text[at..]);
        self.flush();
        self.end_table();
    }

    /// The body of a macro that is not wiki markup.
    fn raw(&mut self, tag: &Macro<'_>, body: &str) {
        self.flush();
        self.end_table();
        if tag.name == "code" || tag.name == "noformat" {
            if self.after_blank {
                self.end_list();
            }
            if let Some(title) = title(tag.parameters) {
                self.out.block();
                self.out.text(title);
            }
            return self.out.code(language(tag), body);
        }
        self.end_list();
        let text = match tag.name {
            "adf" => serde_json::from_str(body).map(|document| match document {
                Value::String(text) => string_to_text(&text),
                document => adf_document::to_text(&document),
            }),
            _ => Ok(html::to_text(body)),
        };
        self.out.block();
        self.out.verbatim(text.as_deref().unwrap_or(body));
        self.out.block();
    }

    /// The beginning or the end of a box: a paragraph of its own, under its title.
    fn boxed(&mut self, tag: &Macro<'_>) {
        self.flush();
        self.out.block();
        self.out.text(title(tag.parameters).unwrap_or(""));
        self.out.block();
    }

    fn toggle_quote(&mut self, another_follows: bool) {
        self.flush();
        self.end_table();
        self.end_list();
        if self.in_quote {
            self.out.leave();
        } else if another_follows {
            self.out.enter_quote();
        }
        self.in_quote = !self.in_quote && another_follows;
    }

    fn flush(&mut self) {
        let rich = std::mem::take(&mut self.rich);
        rich.lines().for_each(|line| self.line(line.trim()));
        self.end_row();
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.end_row();
            self.out.block();
            self.after_blank = true;
            return;
        }
        if line.starts_with('|') || self.open_row.is_some() {
            return self.row(line);
        }
        self.end_table();
        if let Some((marks, text)) = list_item(line) {
            self.item(marks);
            inline::write(&mut self.out, text, false);
            self.out.line_break();
        } else if let Some((level, text)) = heading(line) {
            self.end_list();
            self.out.heading(level);
            inline::write(&mut self.out, text, false);
            self.out.block();
        } else if let Some(text) = line.strip_prefix("bq. ") {
            self.end_list();
            self.out.enter_quote();
            inline::write(&mut self.out, text, false);
            self.out.leave();
        } else if line.len() >= 4 && line.bytes().all(|b| b == b'-') {
            self.end_list();
            self.out.block();
        } else {
            if self.after_blank {
                self.end_list();
            }
            inline::write(&mut self.out, line, false);
            self.out.line_break();
        }
        self.after_blank = false;
    }

    fn item(&mut self, marks: &str) {
        let wanted = marks.len();
        if self.levels.is_empty() {
            self.out.block();
        }
        while self.levels.len() > wanted {
            self.out.leave();
            self.levels.pop();
        }
        let mut number = 1;
        if self.levels.len() == wanted
            && let Some((mark, last)) = self.levels.pop()
        {
            self.out.leave();
            if marks.ends_with(mark) {
                number = last.saturating_add(1);
            }
        }
        for mark in marks.chars().skip(self.levels.len()) {
            let innermost = self.levels.len() + 1 == wanted;
            let marker = match mark {
                '#' => format!("{number}. "),
                _ => "- ".to_owned(),
            };
            self.out.enter_item(innermost.then_some(marker));
            self.levels.push((mark, if innermost { number } else { 0 }));
        }
    }

    fn end_list(&mut self) {
        if !self.levels.is_empty() {
            self.levels.drain(..).for_each(|_| self.out.leave());
            self.out.block();
        }
    }

    fn row(&mut self, line: &str) {
        if self.after_blank {
            self.end_list();
        }
        self.after_blank = false;
        if line.starts_with('|') {
            self.end_row();
        }
        if !self.in_table {
            self.out.block();
            self.in_table = true;
        }
        let row = self.open_row.get_or_insert_default();
        row.push_str(if row.is_empty() { "" } else { " " });
        row.push_str(line);
        if line.ends_with('|') {
            self.end_row();
        }
    }

    fn end_row(&mut self) {
        if let Some(row) = self.open_row.take() {
            let cells = strip_bars(&row);
            self.out.enter_row();
            self.out.cell();
            inline::write(&mut self.out, cells, true);
            self.out.leave_row();
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        if self.in_table {
            self.in_table = false;
            self.out.block();
        }
    }
}

/// A row without the bars around it.
fn strip_bars(row: &str) -> &str {
    let start = row.strip_prefix("||").or_else(|| row.strip_prefix('|'));
    let row = start.unwrap_or(row);
    let end = row.strip_suffix("||").or_else(|| row.strip_suffix('|'));
    end.filter(|cells| !cells.ends_with('\\')).unwrap_or(row)
}

/// The known macro at the start of the text.
fn parse_macro(text: &str) -> Option<Macro<'_>> {
    let body = text.strip_prefix('{')?;
    let end = body
        .bytes()
        .take(LONGEST_MACRO)
        .position(|b| matches!(b, b'}' | b'{' | b'\n'))?;
    if body.as_bytes().get(end) != Some(&b'}') {
        return None;
    }
    let (name, parameters) = match body[..end].split_once(':') {
        Some((name, parameters)) => (name, parameters),
        None => (&body[..end], ""),
    };
    let known = match name {
        "code" | "noformat" | "html" | "adf" | "panel" => true,
        "expand" | "info" | "note" | "tip" | "warning" | "toc" => {
            parameters.is_empty() || parameters.contains('=')
        }
        "status" => title(parameters).is_some(),
        "jira" => crate::domain::TicketKey::parse(parameters).is_ok(),
        "quote" => parameters.is_empty(),
        "color" => parameters
            .chars()
            .all(|c| c.is_alphanumeric() || "#(),%-".contains(c)),
        "anchor" => !parameters.is_empty() && !parameters.contains(char::is_whitespace),
        _ => false,
    };
    known.then_some(Macro {
        name,
        parameters,
        length: end + 2,
    })
}

/// `title=…` among a macro's parameters.
fn title(parameters: &str) -> Option<&str> {
    let mut all = parameters.split('|');
    all.find_map(|p| p.trim().strip_prefix("title="))
}

/// A code macro's language: its first parameter, unless that is a named one.
fn language<'a>(tag: &Macro<'a>) -> &'a str {
    let first = tag.parameters.split('|').next().unwrap_or("").trim();
    let word = first.strip_prefix("language=").unwrap_or(first);
    let plain = word
        .chars()
        .all(|c| c.is_alphanumeric() || "+#-_".contains(c));
    if tag.name == "code" && plain {
        word
    } else {
        ""
    }
}

/// The marks and the text of a list item (`*`, `##`, `#*`, `-`).
fn list_item(line: &str) -> Option<(&str, &str)> {
    let length = line
        .bytes()
        .take(DEEPEST_LIST + 1)
        .take_while(|b| matches!(b, b'*' | b'#' | b'-'))
        .count();
    let (marks, rest) = line.split_at(length);
    let text = rest.trim_start();
    let dashes = length > 1 && marks.bytes().all(|b| b == b'-');
    let is_item = (1..=DEEPEST_LIST).contains(&length)
        && !dashes
        && text.len() < rest.len()
        && !text.is_empty();
    is_item.then_some((marks, text))
}

/// The level and the text of `h1. …` to `h6. …`.
fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.strip_prefix(['h', 'H'])?;
    let level = rest.chars().next()?.to_digit(10)?;
    let text = rest.get(1..)?.strip_prefix('.')?;
    let is_heading = (1..=6).contains(&level)
        && (text.is_empty() || text.starts_with(|c: char| c == ' ' || c.is_uppercase()));
    is_heading.then_some((level as usize, text.trim()))
}
