//! The items of a text: a numbered list, bullets, labelled steps, or else its lines.
//!
//! | form | a list when |
//! |---|---|
//! | `1. `, `1) `, `(1) `, `Step 1: ` | the numbers are 1, 2, 3 in order; one may be left out or come twice |
//! | `1.Open`, `1 - `, `1: `, `[1] `, `1、` | the numbers are 1, 2, 3 in order, at least two |
//! | `1. Open 2. Submit` on one line | each begins with a capital letter |
//! | `- `, `* `, `• ` | the first line has it |
//! | `Action: ` | the first line has it |
//!
//! An item is not indented deeper than the first one. Where the items with the first one's mark are
//! 1, 2, 3 without a gap, only that mark counts: `1)` within a list of `1.` is a list of its own. What stands before the first item belongs to
//! it, if it is one line; the heading `Steps:` goes.

use std::borrow::Cow;

use super::item_marks::{ItemMark, bullet, is_nested, strong, style, weak};
use super::labels;
use super::scan::{self, TextLine, TextScan};

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListKind {
    Numbered,
    Marked,
    Lines,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListItem {
    /// From 1, ascending; some twice.
    pub number: usize,
    pub text: String,
}

#[derive(Debug)]
pub(super) struct ItemList {
    pub kind: ListKind,
    pub items: Vec<ListItem>,
    /// Whether the items stood in quotes, as Qase writes them.
    pub is_quoted: bool,
}

/// Items as `1. "…"` lines, quotes doubled, so that an item may have several lines.
pub(in crate::exchange::cases) fn numbered(items: &[&str]) -> String {
    let line = |(i, item): (usize, &&str)| format!("{}. \"{}\"", i + 1, item.replace('"', "\"\""));
    let lines: Vec<String> = items.iter().enumerate().map(line).collect();
    lines.join("\n")
}

/// A cell of Qase's whose items have quotes around them, with the quotes within doubled: some
/// versions write them as they are, or with a backslash before them.
pub(in crate::exchange::cases) fn requoted(text: &str) -> Cow<'_, str> {
    let is_start = |line: &str, number: usize| {
        let rest = line.strip_prefix(&format!("{number}. "));
        rest.is_some_and(|rest| rest.starts_with('"'))
    };
    let mut items: Vec<String> = Vec::new();
    for line in text.trim().split('\n') {
        if is_start(line, items.len() + 1) {
            items.push(line.to_owned());
            continue;
        }
        match items.last_mut() {
            Some(item) => {
                item.push('\n');
                item.push_str(line);
            }
            None => return Cow::Borrowed(text),
        }
    }
    let again = |(place, item): (usize, &String)| {
        let body = item.strip_prefix(&format!("{}. \"", place + 1))?.trim_end();
        if scan::is_closed(body) {
            return Some(item.clone());
        }
        let inner = body.strip_suffix('"')?.replace("\\\"", "\"");
        Some(format!("{}. \"{}\"", place + 1, inner.replace('"', "\"\"")))
    };
    let items: Option<Vec<String>> = items.iter().enumerate().map(again).collect();
    items.map_or(Cow::Borrowed(text), |items| Cow::Owned(items.join("\n")))
}

/// The items of a text that holds steps.
pub(super) fn read(text: &str) -> ItemList {
    let forms: [(ItemMark, usize); 3] = [(labels::step_number, 1), (strong, 1), (weak, 2)];
    let is_mixed = !has_one_style(text);
    let in_order = |(mark, least): (ItemMark, usize)| {
        let follows = |last: Option<usize>, number| match last {
            None => number == 1,
            // Of several marks some may be text: then none may be left out.
            Some(last) if is_mixed => number == last + 1,
            Some(last) => is_next(last, number) && (least == 1 || number == last + 1),
        };
        let of_one_mark = || of_one_mark(text).filter(|_| least == 1);
        let found = of_one_mark().or_else(|| scan(text, mark, &follows));
        found.filter(|list| list.items.len() >= least)
    };
    match forms.into_iter().find_map(in_order) {
        Some(list) if list.items.len() > 1 || list.is_quoted => list,
        Some(_) => in_one_line(text).unwrap_or_else(|| single(text)),
        None => marked(text, labels::action)
            .or_else(|| bullets(text))
            .unwrap_or_else(|| lines(text)),
    }
}

/// The list that has the mark of its first item throughout, where others stand between them.
fn of_one_mark(text: &str) -> Option<ItemList> {
    let marked = |line: &str| strong(line).map(|(_, rest)| style(line, rest));
    let mut styles = text.lines().filter_map(|line| marked(line.trim()));
    let first = styles.next()?;
    if styles.all(|style| style == first) {
        return None;
    }
    let is_item = |line: &str| strong(line).is_some_and(|(_, rest)| style(line, rest) == first);
    let follows = |last: Option<usize>, number: usize| number == last.unwrap_or_default() + 1;
    let list = scan_where(text, strong, &follows, &is_item)?;
    (list.items.len() > 1).then_some(list)
}

/// Whether an item's number may follow another's: people leave one out, or write one twice.
fn is_next(last: usize, number: usize) -> bool {
    (last..=last + 2).contains(&number)
}

/// The items of a text that speaks of numbered steps, of which `most` is the last.
pub(super) fn read_references(text: &str, most: usize) -> ItemList {
    let ascending = |last: Option<usize>, number: usize| match last {
        None => number > 0 && number <= most,
        Some(last) => is_next(last, number) || (number > last && number <= most),
    };
    let found = [labels::step_number as ItemMark, strong]
        .into_iter()
        .find_map(|mark| scan(text, mark, &ascending));
    match found.filter(|_| is_of_one_mark(text)) {
        Some(list) if list.items.len() > 1 || list.is_quoted => list,
        Some(list) if begins_with_item(text) => in_one_line(text).unwrap_or(list),
        _ => read_results(text),
    }
}

/// The items of a text that holds results or data: a number within it makes no list.
pub(super) fn read_results(text: &str) -> ItemList {
    let list = read(text);
    let is_single = list.kind == ListKind::Numbered && list.items.len() == 1 && !list.is_quoted;
    match is_single && !begins_with_item(text) {
        true => lines(text),
        false => list,
    }
}

/// Whether all lines that could be items have one mark; of several marks some are text.
fn is_of_one_mark(text: &str) -> bool {
    has_one_style(text) || of_one_mark(text).is_some()
}

fn has_one_style(text: &str) -> bool {
    let marked = |line: &str| strong(line).map(|(_, rest)| style(line, rest));
    let mut styles = text.lines().filter_map(|line| marked(line.trim()));
    let first = styles.next();
    styles.all(|style| Some(style) == first)
}

fn begins_with_item(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !labels::is_heading(line));
    first.is_some_and(|line| strong(line).or_else(|| labels::step_number(line)).is_some())
}

/// The text after the number of its place, where it is not a list of its own.
pub(super) fn without_number(text: &str, number: usize) -> Option<String> {
    let after = |line: &str, wanted: usize| {
        let found = labels::step_number(line).or_else(|| strong(line));
        found
            .filter(|(number, _)| *number == wanted)
            .map(|(_, rest)| rest.len())
    };
    let text = text.trim();
    let (first, others) = text.split_once('\n').unwrap_or((text, ""));
    let rest = after(first, number)?;
    let goes_on = others.lines().any(|line| after(line, number + 1).is_some());
    let start = first.len() - rest;
    (!goes_on).then(|| text.get(start..).unwrap_or_default().trim().to_owned())
}

/// Reads item after item. `follows` says whether a number may come after the last one.
fn scan(
    text: &str,
    mark: ItemMark,
    follows: &dyn Fn(Option<usize>, usize) -> bool,
) -> Option<ItemList> {
    scan_where(text, mark, follows, &|_| true)
}

/// The same where only some lines may be items.
fn scan_where(
    text: &str,
    mark: ItemMark,
    follows: &dyn Fn(Option<usize>, usize) -> bool,
    may_be: &dyn Fn(&str) -> bool,
) -> Option<ItemList> {
    let mut scan = TextScan::new(text);
    let mut list = ItemList {
        kind: ListKind::Numbered,
        items: Vec::new(),
        is_quoted: false,
    };
    let (mut before, mut indent, mut last) = (String::new(), 0, None);
    while let Some(line) = scan.next_line() {
        let marked = mark(line.text).filter(|_| may_be(line.text));
        let marked = marked.filter(|(number, _)| {
            let is_first = list.items.is_empty() && before.is_empty();
            let is_item = is_first || line.indent <= indent + 1;
            !line.in_code && is_item && follows(last, *number)
        });
        match (marked, list.items.last_mut()) {
            (Some((number, rest)), _) => {
                if list.items.is_empty() {
                    indent = line.indent;
                }
                last = Some(number);
                let text = match scan.quoted(rest) {
                    Some(text) => {
                        list.is_quoted = true;
                        text
                    }
                    None => rest.trim().to_owned(),
                };
                list.items.push(ListItem { number, text });
            }
            (None, Some(item)) => add_line(&mut item.text, &whole(&line, list.is_quoted)),
            (None, None) if line.text.is_empty() || labels::is_heading(line.text) => {}
            // A list that begins later is a part of a text.
            (None, None) if !before.is_empty() => return None,
            (None, None) => {
                before = line.text.to_owned();
                indent = line.indent;
            }
        }
    }
    let first = list.items.first_mut()?;
    if !before.is_empty() {
        match first.number {
            1 => first.text = format!("{before}\n{}", first.text),
            _ => list.items.insert(
                0,
                ListItem {
                    number: 1,
                    text: before,
                },
            ),
        }
    }
    // Markdown numbers by itself what is all written with 1.
    let all_same = list.items.iter().all(|item| item.number == 1);
    for (number, item) in (1..).zip(&mut list.items) {
        item.number = if all_same { number } else { item.number };
        item.text.truncate(item.text.trim_end().len());
    }
    Some(list)
}

fn add_line(text: &mut String, line: &str) {
    match text.is_empty() {
        true => text.push_str(line.trim()),
        false => {
            text.push('\n');
            text.push_str(line.trim_end());
        }
    }
}

/// `1. Open 2. Submit`, `Step 1: open Step 2: submit` in one line.
fn in_one_line(text: &str) -> Option<ItemList> {
    let text = text.trim();
    let named = labels::step_number(text).is_some();
    let mark = |text: &'_ str| -> Option<(usize, usize)> {
        let (number, rest) = match named {
            true => labels::step_number(text)?,
            false => strong(text)?,
        };
        let capital = rest.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
        (named || capital).then_some((number, text.len() - rest.len()))
    };
    if text.contains('\n') || mark(text)?.0 != 1 {
        return None;
    }
    let mut starts = vec![(0, mark(text)?.1)];
    for (at, _) in text.match_indices(' ') {
        if let Some((number, length)) = mark(text.get(at + 1..).unwrap_or_default())
            && number == starts.len() + 1
        {
            starts.push((at + 1, at + 1 + length));
        }
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([text.len()]);
    let item = |(number, ((_, from), end)): (usize, (&(usize, usize), usize))| ListItem {
        number,
        text: text.get(*from..end).unwrap_or_default().trim().to_owned(),
    };
    let mut items: Vec<ListItem> = (1..).zip(starts.iter().zip(ends)).map(item).collect();
    // `1. Open; 2. Submit`: what stands between items belongs to none.
    if let [items @ .., _] = items.as_mut_slice()
        && items.iter().all(|item| item.text.ends_with(';'))
    {
        for item in items {
            item.text
                .truncate(item.text.trim_end_matches(';').trim_end().len());
        }
    }
    (items.len() > 1).then_some(ItemList {
        kind: ListKind::Numbered,
        items,
        is_quoted: false,
    })
}

/// A single item keeps its number: the rows of its test case tell whether it is one.
fn single(text: &str) -> ItemList {
    ItemList {
        kind: ListKind::Numbered,
        items: vec![ListItem {
            number: 1,
            text: text.trim().to_owned(),
        }],
        is_quoted: false,
    }
}

fn bullets(text: &str) -> Option<ItemList> {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !labels::is_heading(line));
    let (mark, _) = bullet(first?)?;
    let list = match mark {
        '-' => marked(text, |line| {
            bullet(line)
                .filter(|(c, _)| *c == '-')
                .map(|(_, rest)| rest)
        }),
        '*' => marked(text, |line| {
            bullet(line)
                .filter(|(c, _)| *c == '*')
                .map(|(_, rest)| rest)
        }),
        _ => marked(text, |line| {
            bullet(line)
                .filter(|(c, _)| !"-*".contains(*c))
                .map(|(_, rest)| rest)
        }),
    }?;
    // `- 5 °C` alone may be a measure.
    let is_measure = |item: &ListItem| item.text.starts_with(|c: char| c.is_ascii_digit());
    let alone = list.items.len() == 1 && list.items.iter().any(is_measure);
    (!alone).then_some(list)
}

/// Items that begin with the same mark, the first line among them.
fn marked(text: &str, mark: fn(&str) -> Option<&str>) -> Option<ItemList> {
    let mut scan = TextScan::new(text);
    let mut items: Vec<ListItem> = Vec::new();
    let mut indent = 0;
    while let Some(line) = scan.next_line() {
        let is_item = !line.in_code && (items.is_empty() || line.indent <= indent + 1);
        match (mark(line.text).filter(|_| is_item), items.last_mut()) {
            (Some(rest), _) => {
                if items.is_empty() {
                    indent = line.indent;
                }
                items.push(ListItem {
                    number: items.len() + 1,
                    text: rest.trim().to_owned(),
                });
            }
            (None, Some(item)) => add_line(&mut item.text, line.raw),
            (None, None) if line.text.is_empty() || labels::is_heading(line.text) => {}
            (None, None) => return None,
        }
    }
    for item in &mut items {
        item.text.truncate(item.text.trim_end().len());
    }
    (!items.is_empty()).then_some(ItemList {
        kind: ListKind::Marked,
        items,
        is_quoted: false,
    })
}

/// Every line, with what belongs to the line above.
fn lines(text: &str) -> ItemList {
    let mut scan = TextScan::new(text);
    let mut items: Vec<ListItem> = Vec::new();
    let (mut indent, mut label_alone) = (0, false);
    while let Some(line) = scan.next_line() {
        if line.text.is_empty() && !line.in_code {
            continue;
        }
        let label = labels::part(line.text);
        let goes_on = line.in_code
            || line.is_fence
            || line.indent > indent + 1
            || line.text.starts_with('|')
            || is_nested(line.text)
            || label.is_some()
            || label_alone;
        label_alone = label.is_some_and(|(_, rest)| rest.is_empty());
        let number = items.len() + 1;
        match items.last_mut().filter(|_| goes_on) {
            Some(item) => add_line(&mut item.text, line.raw),
            None if number == 1 && labels::is_heading(line.text) => {}
            None => {
                if number == 1 {
                    indent = line.indent;
                }
                items.push(ListItem {
                    number,
                    text: line.text.to_owned(),
                });
            }
        }
    }
    ItemList {
        kind: ListKind::Lines,
        items,
        is_quoted: false,
    }
}

/// The line as it is; a nested item without its quotes where items have them.
fn whole(line: &TextLine<'_>, is_quoted: bool) -> String {
    let nested = strong(line.text).filter(|_| is_quoted);
    let inner = nested.and_then(|(number, rest)| {
        let inner = rest.trim_end().strip_prefix('"')?.strip_suffix('"')?;
        Some((number, inner.replace("\"\"", "\"")))
    });
    match inner {
        Some((number, inner)) => {
            let indent = line.raw.len() - line.raw.trim_start().len();
            format!(
                "{}{number}. {inner}",
                line.raw.get(..indent).unwrap_or_default()
            )
        }
        None => line.raw.to_owned(),
    }
}
