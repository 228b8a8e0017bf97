//! Numbers with a comparison: the values at a limit and on both sides of it.

mod number;

use super::language::Language;
use super::sentence::Sentence;
use super::word::Word;
use number::{LimitNumber, is_time_unit, number, step, unit_end};

/// On which side of the number the limit lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    AtMost,
    LessThan,
    AtLeast,
    MoreThan,
    Exactly,
}

/// A number of a sentence with what it counts.
#[derive(Debug)]
pub(crate) struct Limit {
    pub kind: LimitKind,
    /// Where it lies; none for a range.
    pub comparison: Option<Comparison>,
    /// As the sentence says it: "up to 50k rows".
    pub fact: String,
    /// The limit itself, with its unit.
    pub value: String,
    /// Values that are allowed, as a step uses them.
    pub inside: Vec<String>,
    /// Values that are not.
    pub outside: Vec<String>,
    /// The same without the data written out.
    pub inside_values: String,
    /// See `inside_values`.
    pub outside_values: String,
}

/// What a number limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitKind {
    /// A size, a length, an amount.
    Limit,
    /// A time that passes.
    Duration,
    /// An exact number: "the last four digits".
    Count,
}

/// More numbers of one sentence are not read.
const MOST: usize = 4;
/// A text of more characters is not written out.
const LONGEST_EXAMPLE: usize = 40;

/// The limits in a sentence.
pub(crate) fn limits(sentence: &Sentence<'_>, language: &Language) -> Vec<Limit> {
    let words = &sentence.words;
    let mut found = Vec::new();
    let mut place = 0;
    while place < words.len() && found.len() < MOST {
        match limit_at(sentence, place, language) {
            Some((limit, next)) => {
                found.push(limit);
                place = next;
            }
            None => place += 1,
        }
    }
    found
}

fn limit_at(sentence: &Sentence<'_>, place: usize, language: &Language) -> Option<(Limit, usize)> {
    let words = &sentence.words;
    if let Some(range) = range_at(sentence, place, language) {
        return Some(range);
    }
    let number = number(words, place, language)?;
    let unit_end = unit_end(words, place, &number, language);
    let unit = sentence.slice(&(place + 1..unit_end));
    let unit_word = words.get(place + 1).filter(|_| unit_end > place + 1);
    let is_time = is_time_unit(&number.suffix, language)
        || unit_word.is_some_and(|word| language.time_units.contains(&word.lower));
    let (comparison, start) = comparison(words, place, unit_end, language)?;
    let counted = unit_word.is_some_and(|word| {
        let last = words[unit_end - 1].lower.as_str();
        language.nouns.contains(&word.lower) || language.nouns.contains(last)
    });
    let kind = match (comparison, is_time) {
        (Some(Comparison::Exactly), false) if counted => LimitKind::Count,
        (Some(Comparison::Exactly) | None, false) => return None,
        (_, true) => LimitKind::Duration,
        (Some(_), false) => LimitKind::Limit,
    };
    let end = unit_end + or_words(words, unit_end, language).map_or(0, |(_, length)| length);
    let fact = sentence.slice(&(start..end)).to_owned();
    let comparison = comparison.unwrap_or(Comparison::AtMost);
    Some((around(kind, fact, &number, unit, comparison), end))
}

/// "between 3 and 50 characters", "from 1 to 10 items", "2 to 8 players".
fn range_at(sentence: &Sentence<'_>, place: usize, language: &Language) -> Option<(Limit, usize)> {
    let words = &sentence.words;
    let led = language.between.contains(&words.get(place)?.lower);
    let first = place + usize::from(led);
    let low = number(words, first, language)?;
    let joint = words.get(first + 1)?.lower.as_str();
    let joins = ["to", "bis", "à", "a", "até"].contains(&joint);
    let joins = joins || led && language.joins.contains(joint);
    let high = number(words, first + 2, language).filter(|_| joins)?;
    if low.value >= high.value || words[first].mark.is_some() {
        return None;
    }
    let place_of_high = first + 2;
    let end = unit_end(words, place_of_high, &high, language);
    // "Version 2 to 3" counts nothing.
    if !led && end == place_of_high + 1 {
        return None;
    }
    let unit = sentence.slice(&(place_of_high + 1..end));
    let (step, decimals) = step(&high);
    let values = |values: &[f64]| -> Vec<String> {
        let of = |value: &f64| high.written(*value, decimals, unit);
        values.iter().filter(|v| **v >= 0.0).map(of).collect()
    };
    let inside = values(&[low.value, high.value]);
    let outside = values(&[low.value - step, high.value + step]);
    let limit = Limit {
        kind: LimitKind::Limit,
        comparison: None,
        fact: sentence.slice(&(place..end)).to_owned(),
        value: high.written(high.value, decimals, unit),
        inside_values: bare(&inside, unit, false),
        outside_values: bare(&outside, unit, true),
        inside: inside.iter().map(|v| with_example(v, unit)).collect(),
        outside: outside.iter().map(|v| with_example(v, unit)).collect(),
    };
    Some((limit, end))
}

/// The comparison around a number, and where it begins. `Some(None)` is a bare duration behind
/// "after" and the like.
fn comparison(
    words: &[Word<'_>],
    place: usize,
    unit_end: usize,
    language: &Language,
) -> Option<(Option<Comparison>, usize)> {
    let first = words[place].text.chars().next();
    let signed = match first {
        Some('<') => Some(Comparison::LessThan),
        Some('≤') => Some(Comparison::AtMost),
        Some('>') => Some(Comparison::MoreThan),
        Some('≥') => Some(Comparison::AtLeast),
        _ => None,
    };
    if let Some(comparison) = signed {
        return Some((Some(comparison), place));
    }
    let before = [
        (&language.at_most, Comparison::AtMost),
        (&language.less_than, Comparison::LessThan),
        (&language.at_least, Comparison::AtLeast),
        (&language.more_than, Comparison::MoreThan),
    ];
    // "No more than 5" is found as a whole before "more than 5" is.
    let mut found: Vec<(usize, Comparison)> = before
        .into_iter()
        .filter_map(|(phrases, comparison)| {
            let start = phrases.ends_before(words, place, &language.determiners)?;
            Some((start, comparison))
        })
        .collect();
    found.sort_by_key(|(start, _)| *start);
    if let Some((start, comparison)) = found.first() {
        return Some((Some(*comparison), *start));
    }
    if let Some((comparison, _)) = or_words(words, unit_end, language) {
        return Some((Some(comparison), place));
    }
    let previous = place.checked_sub(1).map(|at| words[at].lower.as_str());
    if previous.is_some_and(|word| language.exactly.contains(word)) {
        return Some((Some(Comparison::Exactly), place - 1));
    }
    let start = language
        .after
        .ends_before(words, place, &language.determiners)?;
    Some((None, start))
}

/// "or more" behind a number or its unit.
fn or_words(words: &[Word<'_>], place: usize, language: &Language) -> Option<(Comparison, usize)> {
    let less = language.or_less.at(words, place);
    let more = language.or_more.at(words, place);
    less.map(|length| (Comparison::AtMost, length))
        .or(more.map(|length| (Comparison::AtLeast, length)))
}

/// The values around a limit.
fn around(
    kind: LimitKind,
    fact: String,
    number: &LimitNumber,
    unit: &str,
    comparison: Comparison,
) -> Limit {
    let (step, decimals) = step(number);
    let (below, at, above) = (number.value - step, number.value, number.value + step);
    let (inside, outside): (&[f64], &[f64]) = match comparison {
        Comparison::AtMost => (&[below, at], &[above]),
        Comparison::LessThan => (&[below], &[at, above]),
        Comparison::AtLeast => (&[at, above], &[below]),
        Comparison::MoreThan => (&[above], &[below, at]),
        Comparison::Exactly => (&[at], &[below, above]),
    };
    let values = |values: &[f64]| -> Vec<String> {
        let of = |value: &f64| number.written(*value, decimals, unit);
        values.iter().filter(|v| **v >= 0.0).map(of).collect()
    };
    let (inside, outside) = (values(inside), values(outside));
    Limit {
        kind,
        comparison: Some(comparison),
        fact,
        value: number.written(at, if number.decimals > 0 { decimals } else { 0 }, unit),
        inside_values: bare(&inside, unit, false),
        outside_values: bare(&outside, unit, true),
        inside: inside.iter().map(|v| with_example(v, unit)).collect(),
        outside: outside.iter().map(|v| with_example(v, unit)).collect(),
    }
}

/// Values in one line, the unit at most behind the last.
fn bare(values: &[String], unit: &str, with_unit: bool) -> String {
    let cut = |value: &String| {
        value
            .strip_suffix(unit)
            .unwrap_or(value)
            .trim_end()
            .to_owned()
    };
    let mut texts: Vec<String> = values.iter().map(cut).collect();
    if let (true, Some(last), Some(whole)) = (with_unit, texts.last_mut(), values.last()) {
        last.clone_from(whole);
    }
    texts.join(", ")
}

/// A value with data that one can paste: `8 characters ("abcdefgh")`.
fn with_example(value: &str, unit: &str) -> String {
    let count = value.split_whitespace().next().and_then(|n| n.parse().ok());
    let last = unit
        .split_whitespace()
        .last()
        .unwrap_or_default()
        .to_lowercase();
    let alphabet = match last.as_str() {
        "characters" | "chars" | "letters" | "zeichen" | "buchstaben" | "caractères"
        | "lettres" | "caracteres" | "letras" => "abcdefghijklmnopqrstuvwxyz",
        "digits" | "ziffern" | "chiffres" | "dígitos" => "1234567890",
        _ => return value.to_owned(),
    };
    match count {
        Some(count @ 1..=LONGEST_EXAMPLE) => {
            let text: String = alphabet.chars().cycle().take(count).collect();
            format!("{value} (\"{text}\")")
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::grammar::Languages;

    fn found(text: &str) -> Vec<(LimitKind, String, String, String)> {
        let languages = Languages::shipped().unwrap();
        let limits = limits(&Sentence::new(text), languages.named("en").unwrap());
        let limits = limits.into_iter();
        limits
            .map(|l| (l.kind, l.fact, l.inside_values, l.outside_values))
            .collect()
    }

    #[test]
    fn numbers_with_a_comparison_are_limits_with_values_on_both_sides() {
        use LimitKind::{Count, Duration, Limit};
        for (text, kind, fact, inside, outside) in [
            (
                "An export holds up to 50k rows",
                Limit,
                "up to 50k rows",
                "49,999, 50,000",
                "50,001 rows",
            ),
            (
                "Passwords have at least 8 characters.",
                Limit,
                "at least 8 characters",
                "8, 9",
                "7 characters",
            ),
            (
                "A name of no more than 1,000 characters is kept",
                Limit,
                "no more than 1,000 characters",
                "999, 1,000",
                "1,001 characters",
            ),
            (
                "Orders over $100 ship free",
                Limit,
                "over $100",
                "$100.01",
                "$99.99, $100.00",
            ),
            (
                "Files larger than 10MB are refused",
                Limit,
                "larger than 10MB",
                "11 MB",
                "9 MB, 10 MB",
            ),
            (
                "The PIN has between 4 and 6 digits",
                Limit,
                "between 4 and 6 digits",
                "4, 6",
                "3, 7 digits",
            ),
            (
                "Discounts of 5% or more need approval",
                Limit,
                "5% or more",
                "5%, 6%",
                "4%",
            ),
            (
                "A lobby holds 2 to 8 players",
                Limit,
                "2 to 8 players",
                "2, 8",
                "1, 9 players",
            ),
            (
                "shown masked to the last four digits",
                Count,
                "last four digits",
                "4",
                "3, 5 digits",
            ),
            (
                "After three failed attempts it locks within 5 minutes",
                Duration,
                "within 5 minutes",
                "4, 5",
                "6 minutes",
            ),
            (
                "Below 10% the LED blinks",
                Limit,
                "Below 10%",
                "9%",
                "10%, 11%",
            ),
            (
                "A client may send at most 100 requests per minute",
                Limit,
                "at most 100 requests",
                "99, 100",
                "101 requests",
            ),
            (
                "The link expires after 24 hours",
                Duration,
                "expires after 24 hours",
                "23, 24",
                "25 hours",
            ),
        ] {
            let found = found(text);
            let wanted = (kind, fact.to_owned(), inside.to_owned(), outside.to_owned());
            assert!(found.contains(&wanted), "{text}: {found:?}");
        }
    }

    #[test]
    fn other_numbers_are_no_limits() {
        for text in [
            "Android 14 crashes",
            "Error 404 is shown",
            "See issue #12",
            "Version 3.2.1",
            "on 2024-05-01",
            "One card is chosen",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
