//! A number of a sentence, as it was written, with its unit.

use crate::text::grammar::{Language, Word};

/// Larger numbers are hashes and ids.
const LARGEST: f64 = 1e12;

/// A number as it was written.
#[derive(Debug, Clone)]
pub(super) struct LimitNumber {
    pub value: f64,
    pub decimals: usize,
    /// What separates thousands.
    pub grouping: Option<char>,
    pub decimal_mark: char,
    pub prefix: String,
    /// A unit that was written behind the number without a blank.
    pub suffix: String,
}

/// The number that a word is.
pub(super) fn number(words: &[Word<'_>], place: usize, language: &Language) -> Option<LimitNumber> {
    let word = words.get(place)?;
    let spelled = language.numbers.iter().position(|name| *name == word.lower);
    if let Some(value) = spelled {
        // "One" is an article more often than a limit.
        return (value > 1).then(|| LimitNumber::whole(value as f64));
    }
    let text = word.text.trim_start_matches(['<', '>', '≤', '≥', '=']);
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (prefix, rest) = text.split_at(digits);
    let is_number = |c: char| c.is_ascii_digit() || ".,'".contains(c);
    let end = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
    let (digits, suffix) = rest.split_at(end);
    let plain = prefix.is_empty() || prefix.chars().all(|c| "$€£¥".contains(c));
    let few = suffix.chars().count() <= 12 && !suffix.contains(|c: char| c.is_ascii_digit());
    let mut number = LimitNumber::parse(digits).filter(|_| plain && few)?;
    number.prefix = prefix.to_owned();
    let suffix = suffix.strip_prefix(['-', '‑']).unwrap_or(suffix);
    let factor = match suffix {
        "k" | "K" => Some(1e3),
        "m" | "M" if suffix == "M" => Some(1e6),
        _ => None,
    };
    match factor {
        Some(factor) => {
            number.value *= factor;
            number.decimals = 0;
            number.grouping = number.grouping.or(Some(','));
        }
        None => number.suffix = suffix.to_owned(),
    }
    (number.value <= LARGEST).then_some(number)
}

impl LimitNumber {
    pub fn whole(value: f64) -> Self {
        LimitNumber {
            value,
            decimals: 0,
            grouping: None,
            decimal_mark: '.',
            prefix: String::new(),
            suffix: String::new(),
        }
    }

    /// `50,000`, `50.000`, `0.5`, `1'000`.
    pub fn parse(digits: &str) -> Option<Self> {
        let mut number = LimitNumber::whole(0.0);
        let groups: Vec<&str> = digits.split([',', '.', '\'']).collect();
        let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
        let grouped = groups.len() > 1
            && groups[0].len() <= 3
            && groups[0] != "0"
            && groups[1..].iter().all(|group| group.len() == 3)
            && marks.windows(2).all(|pair| pair[0] == pair[1]);
        let text = match (marks.as_slice(), grouped) {
            ([], _) => digits.to_owned(),
            ([mark, ..], true) => {
                number.grouping = Some(*mark);
                groups.concat()
            }
            // More dots are a version or a date.
            ([mark], false) => {
                number.decimal_mark = *mark;
                number.decimals = groups[1].len();
                groups.join(".")
            }
            _ => return None,
        };
        number.value = text.parse().ok()?;
        Some(number)
    }

    /// Another value, written alike.
    pub fn written(&self, value: f64, decimals: usize, unit: &str) -> String {
        let text = format!("{value:.decimals$}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = self.prefix.clone();
        let digits = whole.chars().count();
        for (at, c) in whole.chars().enumerate() {
            if let Some(mark) = self.grouping
                && at > 0
                && (digits - at) % 3 == 0
            {
                out.push(mark);
            }
            out.push(c);
        }
        if !fraction.is_empty() {
            out.push(self.decimal_mark);
            out.push_str(fraction);
        }
        if self.suffix.starts_with(|c: char| c.is_alphabetic()) {
            out.push(' ');
        }
        out.push_str(&self.suffix);
        if !unit.is_empty() {
            out.push(' ');
            out.push_str(unit);
        }
        out
    }
}

/// The smallest difference that counts, and with how many decimals values are written.
pub(super) fn step(number: &LimitNumber) -> (f64, usize) {
    let money = number.prefix.contains(['$', '€', '£']) || number.suffix.contains(['$', '€', '£']);
    match (number.decimals, money) {
        (0, true) => (0.01, 2),
        (decimals, _) => (10f64.powi(-(decimals as i32)), decimals),
    }
}

/// Where a number's unit ends: a noun of what is counted, at most two words.
pub(super) fn unit_end(
    words: &[Word<'_>],
    place: usize,
    number: &LimitNumber,
    language: &Language,
) -> usize {
    let first = place + 1;
    let glued = words[place].mark.is_some() || number.suffix.contains(char::is_alphabetic);
    let mut end = first;
    while !glued && end < words.len() && end < first + 3 {
        let word = &words[end];
        let known =
            language.nouns.contains(&word.lower) || language.time_units.contains(&word.lower);
        let is_name = word
            .lower
            .chars()
            .all(|c| c.is_alphabetic() || c == '-' || c == '%')
            && !language.ends.contains(&word.lower)
            && !language.auxiliaries.contains(&word.lower)
            && !language.determiners.contains(&word.lower)
            && (language.verbs(&word.lower).is_empty()
                || end == first && word.lower.ends_with('s'));
        if !known && !is_name {
            break;
        }
        end += 1;
        if known || word.mark.is_some() {
            break;
        }
    }
    // A unit of several words ends in a noun that is counted; else only the next word is taken.
    let known = words[first.min(words.len())..end]
        .last()
        .is_some_and(|word| {
            language.nouns.contains(&word.lower) || language.time_units.contains(&word.lower)
        });
    if known { end } else { end.min(first + 1) }
}

pub(super) fn is_time_unit(suffix: &str, language: &Language) -> bool {
    let suffix = suffix.to_lowercase();
    suffix == "s" || suffix == "h" || language.time_units.contains(&suffix)
}
