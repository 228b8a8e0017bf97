//! What columns are called: names as they are compared.

use unicode_normalization::UnicodeNormalization;

/// A name or a short value as it is compared: compatible forms, case and accents are folded,
/// blanks collapsed, byte-order marks and quotes at its ends taken away.
pub(crate) fn fold(name: &str) -> String {
    let compatible: String = name.nfkc().collect();
    // Upper case first: `ß` and `ss`, the two sigmas and the two `ı` become one.
    let lower = compatible.to_uppercase().to_lowercase().replace('ς', "σ");
    let is_accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    let bare: String = lower.nfd().filter(|c| !is_accent(c)).nfc().collect();
    let edge = |c: char| c.is_whitespace() || c.is_control() || "\u{feff}\"'`".contains(c);
    let words: Vec<&str> = bare.trim_matches(edge).split_whitespace().collect();
    words.join(" ")
}
