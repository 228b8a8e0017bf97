//! HTML entities in wiki markup, which Jira shows as what they mean.

/// Longer names are none.
const LONGEST: usize = 10;

/// The names of U+00A1 to U+00FF, in order.
const LATIN_1: [&str; 95] = [
    "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo",
    "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para",
    "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave",
    "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc",
    "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc",
    "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN",
    "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave",
    "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve",
    "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml",
    "yacute", "thorn", "yuml",
];
const OTHERS: [(&str, char); 38] = [
    ("nbsp", ' '),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("bull", '•'),
    ("euro", '€'),
    ("trade", '™'),
    ("larr", '←'),
    ("uarr", '↑'),
    ("rarr", '→'),
    ("darr", '↓'),
    ("harr", '↔'),
    ("rArr", '⇒'),
    ("hArr", '⇔'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
    ("asymp", '≈'),
    ("infin", '∞'),
    ("minus", '−'),
    ("check", '✓'),
    ("dagger", '†'),
    ("permil", '‰'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
];

/// The character of the entity that a text begins with, and the entity's length.
pub(super) fn at(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = body.get(..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => named(name)?,
    };
    Some((c, end + 2))
}

/// The character that a name stands for.
pub(crate) fn named(name: &str) -> Option<char> {
    let other = OTHERS.iter().find(|(known, _)| *known == name);
    other.map(|(_, c)| *c).or_else(|| {
        let place = LATIN_1.iter().position(|known| *known == name)?;
        char::from_u32(0xa1 + u32::try_from(place).ok()?)
    })
}

/// `8364` or `x20AC`; no control character.
fn numbered(number: &str) -> Option<char> {
    let hex = number.strip_prefix(['x', 'X']);
    let digits = hex.unwrap_or(number);
    if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let code = u32::from_str_radix(digits, if hex.is_some() { 16 } else { 10 }).ok()?;
    match char::from_u32(code)? {
        '\u{a0}' => Some(' '),
        c => (!c.is_control()).then_some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_undone_and_other_ampersands_stay() {
        for (text, expected) in [
            ("&copy; x", Some(('©', 6))),
            ("&uuml;ber", Some(('ü', 6))),
            ("&yuml;", Some(('ÿ', 6))),
            ("&szlig;", Some(('ß', 7))),
            ("&#8364;", Some(('€', 7))),
            ("&#x20ac;", Some(('€', 8))),
            ("&nbsp;", Some((' ', 6))),
            ("&b={2}", None),
            ("& x;", None),
            ("&unknown;", None),
            ("&#0;", None),
            ("&#;", None),
            ("&", None),
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
    }
}
