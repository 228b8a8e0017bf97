//! One form for words that are the same to a reader: without case, width and accents.

use unicode_categories::UnicodeCategories;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, decompose_compatible};

/// The text with full-width, half-width, circled and presentation forms as the usual signs, and
/// with marks joined to their letters. Other compatibility forms stay: ™ is no TM.
pub(super) fn normal_width(text: &str) -> String {
    let mut wide = String::with_capacity(text.len());
    for c in text.chars() {
        if has_normal_form(c) {
            decompose_compatible(c, |part| wide.push(part));
        } else {
            wide.push(c);
        }
    }
    wide.nfc().collect()
}

fn has_normal_form(c: char) -> bool {
    matches!(c,
        '\u{2160}'..='\u{217f}'                        // Roman numerals
        | '\u{2460}'..='\u{24ff}'                      // circled digits and letters
        | '\u{2e80}'..='\u{2fdf}' | '\u{3000}'         // radicals, the ideographic blank
        | '\u{3131}'..='\u{318e}'                      // letters of Hangul
        | '\u{3200}'..='\u{33ff}'                      // circled and squared words
        | '\u{f900}'..='\u{faff}'                      // compatibility ideographs
        | '\u{fb00}'..='\u{fdff}' | '\u{fe30}'..='\u{fe6f}' // ligatures, Arabic forms, vertical forms
        | '\u{fe70}'..='\u{fefc}' | '\u{ff01}'..='\u{ffee}' // Arabic forms, widths
        | '\u{1d400}'..='\u{1d7ff}')
}

/// Whether a sign continues a word: a letter, a digit, a mark on one, or an unseen joiner.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_unseen(c) || (!c.is_ascii() && c.is_mark())
}

/// Soft hyphen and joiners: they change how a word looks and not which it is.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

/// Appends a word without case and accents: `Straße` is `strasse`, `Café` is `cafe`, `ёлка` is
/// `елка`, `Σίσυφος` is `σισυφοσ`. Marks that are part of a word (Hindi, Thai, the voicing of kana,
/// й) stay.
pub(super) fn fold(word: impl Iterator<Item = char>, out: &mut String) {
    // Whether marks on the letter before are accents.
    let mut accents = false;
    for c in word {
        match c {
            _ if c.is_ascii() => {
                accents = true;
                out.push(c.to_ascii_lowercase());
            }
            _ if is_unseen(c) => {}
            _ if c.is_mark_nonspacing() && accents => {}
            _ => {
                accents = has_accents(c);
                plain(c, out);
            }
        }
    }
}

/// One sign without case and, where its script has them, without accents.
fn plain(c: char, out: &mut String) {
    if let Some(ascii) = digit(c) {
        out.push(ascii);
        return;
    }
    let letters = match c {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ħ' | 'Ħ' => "h",
        'ŧ' | 'Ŧ' => "t",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        // Spellings of one letter in Arabic and Persian.
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ٱ' => "ا",
        'ـ' => "",
        // Other letters of Cyrillic with a mark are letters of their own.
        'ё' | 'Ё' => "е",
        _ if has_accents(c) && !is_cyrillic(c) => {
            decompose_canonical(c, |part| {
                if !part.is_mark_nonspacing() {
                    case(part, out);
                }
            });
            return;
        }
        _ => return case(c, out),
    };
    out.push_str(letters);
}

/// Full case folding: through the small letter to the capital and back, ß, ẞ and SS meet, as do
/// σ and ς, and ı and i.
fn case(c: char, out: &mut String) {
    let large = c.to_lowercase().flat_map(char::to_uppercase);
    out.extend(large.flat_map(char::to_lowercase));
}

/// Whether the marks on a letter are accents: Latin, Greek, Cyrillic; vowel points of Arabic and
/// Hebrew, which are seldom written.
fn has_accents(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{24f}' | '\u{1e00}'..='\u{1fff}' | '\u{370}'..='\u{3ff}'
        | '\u{590}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}')
        || is_cyrillic(c)
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{a640}'..='\u{a69f}')
}

/// A decimal digit of another script as the one of ASCII.
fn digit(c: char) -> Option<char> {
    // Arabic, Persian, Devanagari, Bengali, Thai, Lao, Khmer, Burmese.
    const ZEROS: [u32; 8] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0x17e0, 0x1040];
    let place = |zero: &u32| (c as u32).checked_sub(*zero).filter(|digit| *digit < 10);
    char::from_digit(ZEROS.iter().find_map(place)?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(word: &str) -> String {
        let mut out = String::new();
        fold(normal_width(word).chars(), &mut out);
        out
    }

    #[test]
    fn case_accents_and_width_do_not_count() {
        for (one, other) in [
            ("Straße", "STRASSE"),
            ("GROẞ", "groß"),
            ("Café", "cafe"),
            ("cafe\u{301}", "CAFÉ"),
            ("ёлка", "Елка"),
            ("ΟΔΟΣ", "οδός"),
            ("ＯＲＡ９４２", "ora942"),
            ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
            ("か\u{3099}", "が"),
            ("İstanbul", "istanbul"),
            ("IŞIK", "ışık"),
            ("Łódź", "lodz"),
            ("Smørbrød", "smorbrod"),
            ("ﬁle", "file"),
            ("١٢٣", "123"),
            ("مُحَمَّد", "محمد"),
            ("إختبار", "اختبار"),
            ("שָׁלוֹם", "שלום"),
            ("Ⅳ", "iv"),
            ("ＳＳＯ", "sso"),
            ("co\u{ad}operate", "cooperate"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn marks_that_make_another_word_stay() {
        for (one, other) in [
            ("मन", "मान"),
            ("कि", "की"),
            ("ไม้", "ไม"),
            ("か", "が"),
            ("мои", "мой"),
            ("ハ", "パ"),
            ("їх", "іх"),
        ] {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
    }
}
