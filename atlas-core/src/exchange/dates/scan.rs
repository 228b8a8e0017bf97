//! A date's text as numbers, words and marks.

use super::words::{WORDS, is_unspaced};

/// A longer text is no date.
const LONGEST: usize = 200;
const MOST_ITEMS: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateToken<'a> {
    Number(DateNumber),
    Word(&'a str),
    Mark(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateNumber {
    pub value: u64,
    pub digits: usize,
}

/// A token, and whether a blank comes before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct SpacedToken<'a> {
    pub token: DateToken<'a>,
    pub gap: bool,
}

/// The tokens of a folded text; `None` where it is too long or holds too long a number.
pub(super) fn scan(text: &str) -> Option<Vec<SpacedToken<'_>>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut items = Vec::with_capacity(20);
    let mut rest = text;
    let mut gap = false;
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() {
            gap = true;
            rest = &rest[c.len_utf8()..];
            continue;
        }
        if items.len() == MOST_ITEMS {
            return None;
        }
        let (token, length) = match c {
            '0'..='9' => number(rest)?,
            _ if is_unspaced(c) => {
                let word = WORDS.unspaced(rest);
                (DateToken::Word(word), word.len())
            }
            _ if c.is_alphabetic() => {
                let word = word(rest);
                (DateToken::Word(word), word.len())
            }
            _ => (DateToken::Mark(c), c.len_utf8()),
        };
        items.push(SpacedToken { token, gap });
        gap = false;
        rest = &rest[length..];
    }
    Some(items)
}

/// Letters; in words such as п'ятниця an apostrophe too.
fn word(text: &str) -> &str {
    let is_letter = |c: char| c.is_alphabetic() && !is_unspaced(c);
    let mut length = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let joins = |next: &(usize, char)| next.1.is_alphabetic() && !next.1.is_ascii();
        let is_inside = c == '\'' && letters.peek().is_some_and(joins);
        if !is_letter(c) && !is_inside {
            break;
        }
        length = at + c.len_utf8();
    }
    &text[..length]
}

fn number(text: &str) -> Option<(DateToken<'_>, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    // 19 digits fit into 64 bits.
    (digits <= 19).then_some(())?;
    let value = text[..digits].parse().ok()?;
    Some((DateToken::Number(DateNumber { value, digits }), digits))
}
