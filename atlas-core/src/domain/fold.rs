//! Names as they are compared: without case, width and spaces around them.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A name without what makes no difference between names: case, full and half width, the two
/// ways to write a letter with a mark, and more than one blank. Accents stay.
///
/// ```
/// use atlas_core::domain::folded_name;
/// assert_eq!(folded_name(" ÜBERPRÜFUNG"), folded_name("u\u{308}berprüfung"));
/// assert_eq!(folded_name("STRASSE"), folded_name("Straße"));
/// assert_ne!(folded_name("Résumé"), folded_name("Resume"));
/// ```
pub fn folded_name(name: &str) -> String {
    let name = match name.is_ascii() {
        true => Cow::Borrowed(name),
        false => Cow::Owned(name.nfkc().collect()),
    };
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            word.chars().for_each(|c| fold(c, &mut folded));
        }
    }
    folded
}

/// Whether two names are the same but for what makes no difference.
///
/// ```
/// use atlas_core::domain::same_name;
/// assert!(same_name("Überprüfung", "überprüfung"));
/// ```
pub fn same_name(one: &str, other: &str) -> bool {
    if !(one.is_ascii() && other.is_ascii()) {
        return one == other || folded_name(one) == folded_name(other);
    }
    // Most names, and without a copy of them.
    let (mut one, mut other) = (one.split_whitespace(), other.split_whitespace());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(word), Some(wanted)) if word.eq_ignore_ascii_case(wanted) => {}
            _ => return false,
        }
    }
}

/// Full case folding: over the small letter to the capital and back, ß, ẞ and SS meet, as do σ
/// and ς, and the dotted and dotless letters i of Turkish.
fn fold(c: char, folded: &mut String) {
    match c {
        'İ' | 'ı' => folded.push('i'),
        _ => {
            let capital = c.to_lowercase().flat_map(char::to_uppercase);
            folded.extend(capital.flat_map(char::to_lowercase));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_alone_are_the_same() {
        for (one, other) in [
            ("Überprüfung", "ÜBERPRÜFUNG"),
            ("Проверка", "проверка"),
            ("ΟΔΟΣ", "οδος"),
            ("GROẞ", "groß"),
            ("İstanbul", "istanbul"),
            ("IŞIK", "ışık"),
            ("Ｌｏｇｉｎ", "login"),
            ("cafe\u{301}", "CAFÉ"),
            ("In\u{a0}Review ", "in  review"),
            (" In  Review", "in review"),
        ] {
            assert!(same_name(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("Müller", "Muller"),
            ("Logs", "Log"),
            ("", "a"),
            ("a b", "a"),
        ] {
            assert!(!same_name(one, other), "{one} {other}");
        }
    }
}
