//! A walk over the tokens of a date, with the pieces that dates and times share.

use super::scan::{DateNumber, DateToken, SpacedToken};
use super::words::{DateUnit, Half, WORDS};

/// A place among the tokens.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    items: &'a [SpacedToken<'a>],
}

impl<'a> Cursor<'a> {
    pub fn new(items: &'a [SpacedToken<'a>]) -> Self {
        Cursor { items }
    }

    pub fn is_at_end(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether it is the same place of the same tokens.
    pub fn is_same(&self, other: &Self) -> bool {
        self.items.len() == other.items.len()
    }

    pub fn peek(&self) -> Option<DateToken<'a>> {
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
            DateToken::Mark(c) if marks.contains(c) => {
                self.skip();
                Some(c)
            }
            _ => None,
        }
    }

    /// Takes one of these marks and the number that is written to it.
    pub fn mark_and_number(&mut self, marks: &str) -> Option<(char, DateNumber)> {
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

    pub fn number(&mut self) -> Option<DateNumber> {
        match self.peek()? {
            DateToken::Number(number) => {
                self.skip();
                Some(number)
            }
            _ => None,
        }
    }

    pub fn word(&self) -> Option<&'a str> {
        match self.peek()? {
            DateToken::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Takes a word that satisfies a condition.
    pub fn word_if(&mut self, fits: impl FnOnce(&str) -> bool) -> Option<&'a str> {
        let word = self.word().filter(|word| fits(word))?;
        self.skip();
        Some(word)
    }

    pub fn unit(&mut self, unit: DateUnit) -> bool {
        self.word_if(|word| WORDS.is(word, unit)).is_some()
    }

    /// Takes words that say nothing.
    pub fn fillers(&mut self) {
        while self.word_if(|word| WORDS.is_filler(word)).is_some() {
            self.mark(".'");
        }
    }

    /// Takes the days of the week that a word may mean, a bit for each: `Monday`, `thứ hai`, `Th 2`,
    /// `יום א׳`.
    pub fn weekday(&mut self) -> Option<u8> {
        let mut ahead = *self;
        let days = (ahead.pair(|pair| WORDS.weekdays(pair)))
            .or_else(|| ahead.numbered_weekday())
            .or_else(|| ahead.lettered_weekday())
            .or_else(|| {
                let days = WORDS.weekdays(ahead.word()?)?;
                ahead.skip();
                Some(days)
            })?;
        *self = ahead;
        if self.mark("-").is_some() {
            self.word_if(|word| word == "feira")?;
        }
        self.mark(".");
        self.mark(",");
        Some(days)
    }

    /// Takes two words that are one name; the table writes them with `_` between.
    pub fn pair<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let first = ahead.word()?;
        ahead.skip();
        ahead.mark(".");
        let found = find(&format!("{first}_{}", ahead.word()?))?;
        ahead.skip();
        ahead.mark("'\"");
        *self = ahead;
        Some(found)
    }

    /// Vietnamese `Th 2,`, which is Monday, to `T7,`, which is Saturday.
    fn numbered_weekday(&mut self) -> Option<u8> {
        let mut ahead = *self;
        ahead.word_if(|word| ["thu", "th", "t"].contains(&word))?;
        let number = ahead.number().filter(|number| number.digits == 1)?;
        let day = number.value.checked_sub(2).filter(|day| *day < 6)?;
        (ahead.peek() == Some(DateToken::Mark(','))).then_some(())?;
        *self = ahead;
        Some(1 << day)
    }

    /// A Hebrew letter for a day of the week, before the day's number: `א׳ 7`, `ב', 8`.
    fn lettered_weekday(&mut self) -> Option<u8> {
        let mut ahead = *self;
        let letter = ahead.word_if(|word| word.starts_with(is_hebrew))?;
        let days = WORDS.weekday_sign(letter)?;
        ahead.mark("'\"");
        let goes_on = matches!(
            ahead.peek(),
            Some(DateToken::Number(_) | DateToken::Mark(','))
        );
        goes_on.then_some(())?;
        *self = ahead;
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

fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{5d0}'..='\u{5ea}')
}
