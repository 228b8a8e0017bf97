//! A walk over the tokens of a date, with the pieces that dates and times share.

use super::scan::{Item, Number, Token};
use super::words::{Half, Unit, WORDS};

/// A place among the tokens.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    items: &'a [Item<'a>],
}

impl<'a> Cursor<'a> {
    pub fn new(items: &'a [Item<'a>]) -> Self {
        Cursor { items }
    }

    pub fn is_at_end(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether it is the same place of the same tokens.
    pub fn is_same(&self, other: &Self) -> bool {
        self.items.len() == other.items.len()
    }

    pub fn peek(&self) -> Option<Token<'a>> {
        self.items.first().map(|item| item.token)
    }

    /// Whether a blank comes before the next token.
    pub fn has_gap(&self) -> bool {
        self.items.first().is_some_and(|item| item.gap)
    }

    pub fn skip(&mut self) {
        self.items = self.items.get(1..).unwrap_or_default();
    }

    /// Takes one of these marks.
    pub fn mark(&mut self, marks: &str) -> Option<char> {
        match self.peek()? {
            Token::Mark(c) if marks.contains(c) => {
                self.skip();
                Some(c)
            }
            _ => None,
        }
    }

    /// Takes one of these marks and the number that is written to it.
    pub fn mark_and_number(&mut self, marks: &str) -> Option<(char, Number)> {
        let start = *self;
        let joined = |cursor: &mut Self| {
            (!cursor.has_gap()).then_some(())?;
            let mark = cursor.mark(marks)?;
            (!cursor.has_gap()).then_some((mark, cursor.number()?))
        };
        let found = joined(self);
        if found.is_none() {
            *self = start;
        }
        found
    }

    pub fn number(&mut self) -> Option<Number> {
        match self.peek()? {
            Token::Number(number) => {
                self.skip();
                Some(number)
            }
            _ => None,
        }
    }

    pub fn word(&self) -> Option<&'a str> {
        match self.peek()? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Takes a word that satisfies a condition.
    pub fn word_if(&mut self, fits: impl FnOnce(&str) -> bool) -> Option<&'a str> {
        let word = self.word().filter(|word| fits(word))?;
        self.skip();
        Some(word)
    }

    pub fn unit(&mut self, unit: Unit) -> bool {
        self.word_if(|word| WORDS.is(word, unit)).is_some()
    }

    /// Takes words that say nothing.
    pub fn fillers(&mut self) {
        while self.word_if(|word| WORDS.is_filler(word)).is_some() {
            self.mark(".'");
        }
    }

    /// Takes the days of the week that a word may mean, a bit for each.
    pub fn weekday(&mut self) -> Option<u8> {
        let days = WORDS.weekdays(self.word()?)?;
        self.skip();
        if self.mark("-").is_some() {
            self.word_if(|word| word == "feira")?;
        }
        self.mark(".");
        self.mark(",");
        Some(days)
    }

    /// Takes a day of the week, or one sign for it, in brackets: `(木)`, `(Thu)`.
    pub fn bracketed_weekday(&mut self) -> Option<u8> {
        let mut inner = *self;
        inner.mark("(")?;
        let days = WORDS
            .weekdays(inner.word()?)
            .or(WORDS.weekday_sign(inner.word()?))?;
        inner.skip();
        inner.mark(".");
        inner.mark(")")?;
        *self = inner;
        Some(days)
    }

    /// Takes the half of the day: `PM`, `p. m.`, `오후`.
    pub fn half(&mut self) -> Option<Half> {
        if let word @ ("am" | "pm") = self.word()? {
            self.skip();
            self.mark(".");
            return WORDS.half(word);
        }
        let (mut joined, mut best) = (String::new(), None);
        let mut ahead = *self;
        for _ in 0..3 {
            let Some(word) = ahead.word() else { break };
            joined.push_str(word);
            ahead.skip();
            ahead.mark(".");
            if let Some(half) = WORDS.half(&joined) {
                best = Some((half, ahead));
            }
        }
        let (half, after) = best?;
        *self = after;
        Some(half)
    }
}
