//! One number, and which of its marks stands before the decimals.

use crate::domain::DecimalMark;

/// A longer text is no number.
const LONGEST: usize = 40;

/// A number as its own text tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ReadNumber {
    /// It is clear what it is, and by which mark.
    Certain {
        value: f64,
        mark: Option<DecimalMark>,
    },
    /// `1,234`: with decimals, or of thousands.
    Open {
        mark: DecimalMark,
        decimals: f64,
        thousands: f64,
    },
}

/// Reads a folded text that is a number and nothing else.
pub(super) fn read(text: &str) -> Option<ReadNumber> {
    (text.len() <= LONGEST).then_some(())?;
    let text = text.strip_prefix('+').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.trim_start_matches(['+', '-']);
        let is_exponent = all_digits(digits) && exponent.len() - digits.len() <= 1;
        is_exponent.then_some(())?;
        let plain = mantissa.replace(',', ".");
        let mark = mantissa.contains(',').then_some(DecimalMark::Comma);
        return certain(&format!("{plain}e{exponent}"), mark);
    }
    match mantissa.matches(['.', ',', '\u{66b}']).count() {
        0 => certain(&groups(mantissa, GROUP_SIGNS)?, None),
        1 => one_mark(mantissa),
        _ => several_marks(mantissa),
    }
}

/// What stands between thousands and never before decimals.
const GROUP_SIGNS: &[char] = &[' ', '\'', '\u{66c}', '_'];

/// The mark that stands between thousands beyond doubt: the point of `1.234,5` and `1.234.567`.
pub(super) fn grouping(text: &str) -> Option<DecimalMark> {
    let marks = || text.chars().filter(|c| ['.', ','].contains(c));
    let several = marks().count() > 1 && matches!(read(text)?, ReadNumber::Certain { .. });
    marks().next().filter(|_| several).map(mark_of)
}

/// `12.5`, `0,532`, `1 200,5`, `1,234`
fn one_mark(text: &str) -> Option<ReadNumber> {
    let at = text.find(['.', ',', '\u{66b}'])?;
    let (before, rest) = text.split_at(at);
    let sign = rest.chars().next()?;
    let after = &rest[sign.len_utf8()..];
    let mark = mark_of(sign);
    (after.is_empty() || all_digits(after)).then_some(())?;
    (!before.is_empty() || !after.is_empty()).then_some(())?;
    let whole = match before.is_empty() {
        true => String::new(),
        false => groups(before, GROUP_SIGNS)?,
    };
    let plain = format!("0{whole}.{after}0");
    let is_open = after.len() == 3
        && (1..=3).contains(&before.len())
        && !before.starts_with('0')
        && sign != '\u{66b}';
    if is_open {
        return Some(ReadNumber::Open {
            mark,
            decimals: plain.parse().ok()?,
            thousands: format!("{whole}{after}").parse().ok()?,
        });
    }
    certain(&plain, (!after.is_empty()).then_some(mark))
}

/// `1.234,5`, `1,234,567`, `12,34,567.5`
fn several_marks(text: &str) -> Option<ReadNumber> {
    let at = text.rfind(['.', ',', '\u{66b}'])?;
    let (before, rest) = text.split_at(at);
    let sign = rest.chars().next()?;
    let after = &rest[sign.len_utf8()..];
    let group = before.chars().find(|c| ['.', ','].contains(c))?;
    if before.contains(sign) {
        // One mark many times: thousands, and the decimals have the other one.
        let whole = groups(text, &[sign])?;
        return certain(&whole, Some(mark_of(if sign == ',' { '.' } else { ',' })));
    }
    all_digits(after).then_some(())?;
    let whole = groups(before, &[group])?;
    certain(&format!("{whole}.{after}"), Some(mark_of(sign)))
}

fn certain(plain: &str, mark: Option<DecimalMark>) -> Option<ReadNumber> {
    // `parse` knows words such as "inf".
    plain
        .starts_with(|c: char| c.is_ascii_digit() || c == '.')
        .then_some(())?;
    let value: f64 = plain.parse().ok()?;
    value
        .is_finite()
        .then_some(ReadNumber::Certain { value, mark })
}

/// The digits of `1 234 567`, `12,34,567` or `1234`, where the groups are groups.
fn groups(text: &str, signs: &[char]) -> Option<String> {
    let parts: Vec<&str> = text.split(|c| signs.contains(&c)).collect();
    parts.iter().all(|part| all_digits(part)).then_some(())?;
    if let [first, middle @ .., last] = &parts[..] {
        let threes = middle.iter().all(|part| part.len() == 3) && first.len() <= 3;
        // India: only the last group has three digits.
        let twos = middle.iter().all(|part| part.len() == 2) && first.len() <= 2;
        (last.len() == 3 && (threes || twos && !middle.is_empty())).then_some(())?;
    }
    Some(parts.concat())
}

fn mark_of(sign: char) -> DecimalMark {
    match sign {
        '.' => DecimalMark::Point,
        _ => DecimalMark::Comma,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
