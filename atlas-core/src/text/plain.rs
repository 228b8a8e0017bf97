//! The writer of the one plain-text form that every description becomes.
//!
//! `#` headings, `-` and `1.` items indented by two spaces a level, `- [ ]` tasks, `| a | b |`
//! rows, fenced code, `>` quotes; paragraphs apart by one blank line.

/// Deeper nesting is kept in order but not indented further, so that output stays linear.
const SHOWN_LEVELS: usize = 8;

/// Writes the plain form block by block.
#[derive(Default)]
pub(super) struct PlainText {
    out: String,
    line: String,
    heading: usize,
    blank_due: bool,
    containers: Vec<Container>,
    row: Option<PlainRow>,
}

struct Container {
    quote: bool,
    /// Printed before the item's first line, then spaces instead.
    marker: Option<String>,
    /// The innermost item here or outside of here.
    item: Option<usize>,
}

#[derive(Default)]
struct PlainRow {
    cells: Vec<String>,
    /// Rows of tables inside this row's cells.
    nested: usize,
}

impl PlainText {
    /// Adds text to the current line; a line feed ends the line.
    pub fn text(&mut self, text: &str) {
        for (i, part) in text.split('\n').enumerate() {
            if i > 0 {
                self.line_break();
            }
            push_clean(&mut self.line, part);
        }
    }

    /// Ends the line, not the paragraph.
    pub fn line_break(&mut self) {
        if self.heading > 0 {
            self.line.push(' ');
        } else {
            self.flush();
        }
    }

    /// Ends the paragraph, heading or other block.
    pub fn block(&mut self) {
        self.flush();
        self.heading = 0;
        if self.row.is_none() && self.containers.is_empty() {
            self.blank_due = true;
        }
    }

    /// Starts a heading of this level (1 to 6); `block` ends it.
    pub fn heading(&mut self, level: usize) {
        self.block();
        self.heading = level.clamp(1, 6);
    }

    /// Starts a quote; `leave` ends it.
    pub fn enter_quote(&mut self) {
        self.block();
        let item = self.containers.last().and_then(|c| c.item);
        self.containers.push(Container {
            quote: true,
            marker: None,
            item,
        });
    }

    /// Starts a list item with its marker (`- `, `1. `), or with none a deeper level; `leave` ends it.
    pub fn enter_item(&mut self, marker: Option<String>) {
        self.flush();
        let item = Some(self.containers.len());
        self.containers.push(Container {
            quote: false,
            marker,
            item,
        });
    }

    /// Ends the innermost quote or item.
    pub fn leave(&mut self) {
        self.flush();
        if self.containers.pop().is_some_and(|c| c.quote) {
            self.block();
        }
    }

    /// How many quotes and items are open.
    pub fn depth(&self) -> usize {
        self.containers.len()
    }

    /// Starts a table row; a row inside a cell becomes part of that cell.
    pub fn enter_row(&mut self) {
        self.flush();
        match &mut self.row {
            Some(row) => row.nested += 1,
            None => self.row = Some(PlainRow::default()),
        }
    }

    /// Starts the next cell of the row.
    pub fn cell(&mut self) {
        self.flush();
        if let Some(row) = &mut self.row
            && row.nested == 0
        {
            row.cells.push(String::new());
        }
    }

    /// Ends the row.
    pub fn leave_row(&mut self) {
        self.flush();
        match &mut self.row {
            Some(row) if row.nested > 0 => row.nested -= 1,
            _ => {
                let cells = self.row.take().unwrap_or_default().cells;
                if cells.iter().any(|c| !c.is_empty()) {
                    self.start_line();
                    self.out.push_str(&format!("| {} |", cells.join(" | ")));
                }
            }
        }
    }

    /// A block of code.
    pub fn code(&mut self, language: &str, body: &str) {
        self.block();
        if self.row.is_some() {
            self.text(body);
            return self.flush();
        }
        let longest = body
            .lines()
            .map(|l| l.trim_start().chars().take_while(|&c| c == '`').count());
        let fence = "`".repeat(longest.max().unwrap_or(0).max(2) + 1);
        self.code_line(&format!("{fence}{language}"));
        let mut blank = false;
        for line in body.trim_matches('\n').lines() {
            if !(blank && line.trim().is_empty()) {
                self.code_line(line);
            }
            blank = line.trim().is_empty();
        }
        self.code_line(&fence);
        self.block();
    }

    /// Text that is in the plain form already, such as what another reader wrote.
    pub fn verbatim(&mut self, text: &str) {
        self.flush();
        for line in text.lines() {
            if self.row.is_some() {
                self.text(line);
                self.flush();
            } else if line.is_empty() {
                self.blank_due = self.containers.is_empty();
            } else {
                self.start_line();
                self.out.push_str(line);
            }
        }
    }

    /// A link: its text, and the address where that says more.
    pub fn link(&mut self, text: &str, url: &str) {
        self.text(text);
        self.link_target(text, url);
    }

    /// The address of a link whose text is written already.
    pub fn link_target(&mut self, text: &str, url: &str) {
        let (text, url) = (text.trim(), url.trim());
        if text.is_empty() {
            self.text(url);
        } else if !url.is_empty() && bare(text) != bare(url) {
            self.text(&format!(" ({url})"));
        }
    }

    /// An attached file or image.
    pub fn attachment(&mut self, name: &str) {
        match name.trim() {
            "" => self.text("[attachment]"),
            name => self.text(&format!("[attachment {name}]")),
        }
    }

    /// The whole text.
    pub fn finish(mut self) -> String {
        self.flush();
        self.out
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = line.trim();
        if !text.is_empty() {
            match &mut self.row {
                Some(row) => {
                    if row.cells.is_empty() {
                        row.cells.push(String::new());
                    }
                    if let Some(cell) = row.cells.last_mut() {
                        cell.push_str(if cell.is_empty() { "" } else { " " });
                        cell.push_str(text);
                    }
                }
                None => {
                    self.start_line();
                    if self.heading > 0 {
                        self.out.push_str(&"#".repeat(self.heading));
                        self.out.push(' ');
                    }
                    self.out.push_str(text);
                }
            }
        }
        self.line = line;
        self.line.clear();
    }

    fn code_line(&mut self, line: &str) {
        self.start_line();
        push_clean(&mut self.out, line.trim_end());
        self.out.truncate(self.out.trim_end_matches(' ').len());
    }

    fn start_line(&mut self) {
        if !self.out.is_empty() {
            self.out
                .push_str(if self.blank_due { "\n\n" } else { "\n" });
        }
        self.blank_due = false;
        let item = self.containers.last().and_then(|c| c.item);
        let shown = self.containers.len().min(SHOWN_LEVELS);
        for i in (0..shown).chain(item.filter(|&i| i >= SHOWN_LEVELS)) {
            let container = &mut self.containers[i];
            match container.marker.take_if(|_| Some(i) == item) {
                _ if container.quote => self.out.push_str("> "),
                Some(marker) => self.out.push_str(&marker),
                None => self.out.push_str("  "),
            }
        }
    }
}

/// The text without what is never meant: control characters, hard spaces, byte-order marks.
fn push_clean(out: &mut String, text: &str) {
    if text.bytes().all(|b| (b' '..0x7f).contains(&b)) {
        return out.push_str(text);
    }
    for c in text.chars() {
        match c {
            '\u{feff}' | '\u{200b}' => {}
            '\t' => out.push('\t'),
            '\r' | '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => {
                out.push(' ')
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

/// An address without what people leave out when they write it.
fn bare(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    ["https://", "http://", "mailto:", "ftp://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme))
        .unwrap_or(url)
}

/// Line feeds only, whatever the text came with.
pub(super) fn unix_lines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// The lines of a text in the plain form that are not in fenced code.
///
/// A fence that nobody closes is a line like any other.
pub(super) fn outside_code(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let mut outside = Vec::new();
    let mut shortest_open = usize::MAX;
    let mut i = 0;
    while let Some(&line) = lines.get(i) {
        i += 1;
        let length = fence(line).unwrap_or(usize::MAX);
        if length < shortest_open {
            let closes = |line: &&str| {
                let rest = line.trim_start_matches([' ', '>', '`']);
                rest.is_empty() && fence(line).is_some_and(|closing| closing >= length)
            };
            match lines.iter().skip(i).position(closes) {
                Some(end) => {
                    i += end + 1;
                    continue;
                }
                None => shortest_open = length,
            }
        }
        outside.push(line);
    }
    outside
}

/// The length of the fence that the line is, if it is one.
fn fence(line: &str) -> Option<usize> {
    let line = line.trim_start_matches([' ', '>']);
    let length = line.bytes().take_while(|&b| b == b'`').count();
    (length >= 3).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_apart_and_items_are_not() {
        let mut w = PlainText::default();
        w.heading(2);
        w.text("Title");
        w.block();
        w.enter_item(Some("1. ".into()));
        w.text("first\nmore");
        w.enter_item(Some("- ".into()));
        w.text("inner");
        w.leave();
        w.leave();
        w.block();
        w.enter_row();
        for cell in ["a", "", "c\nd"] {
            w.cell();
            w.text(cell);
        }
        w.leave_row();
        assert_eq!(
            w.finish(),
            "## Title\n\n1. first\n  more\n  - inner\n\n| a |  | c d |"
        );
    }

    #[test]
    fn code_keeps_its_fence_shut() {
        let mut w = PlainText::default();
        w.code("js", "\na\n\n\n```\nb  \n");
        assert_eq!(w.finish(), "````js\na\n\n```\nb\n````");
    }

    #[test]
    fn deep_levels_stay_short() {
        let mut w = PlainText::default();
        for i in 0..2_000 {
            w.enter_item(Some("- ".into()));
            w.text(&format!("n{i}"));
        }
        let text = w.finish();
        assert_eq!(text.lines().count(), 2_000);
        assert!(text.ends_with("- n1999") && text.len() < 60_000);
    }
}
