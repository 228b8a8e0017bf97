//! Emoji as terms: a picture counts whatever its skin tone and whether it asks for colour.
//!
//! A sequence of pictures that are one, such as a family or a flag, counts whole and, but for
//! flags, in its parts.

/// Asks for the coloured or the plain form of the sign before it.
const SELECTORS: [char; 2] = ['\u{fe0e}', '\u{fe0f}'];
/// Joins two pictures to one.
const JOINER: char = '\u{200d}';
/// A longer sequence is none.
const LONGEST: usize = 16;

/// Calls `each` with the emoji of a text, in order.
pub(super) fn for_each(text: &str, each: &mut dyn FnMut(&str)) {
    if text.is_ascii() || !text.contains(may_be) {
        return;
    }
    let mut rest = text.chars().peekable();
    let mut whole = String::new();
    while let Some(c) = rest.next() {
        if is_regional(c) {
            // Two letters are a flag, a third begins the next one.
            if let Some(second) = rest.next_if(|next| is_regional(*next)) {
                each(&String::from_iter([c, second]));
            }
            continue;
        }
        let coloured = rest.peek() == Some(&SELECTORS[1]);
        if !(is_picture(c) || coloured && is_sign(c)) {
            continue;
        }
        whole.clear();
        whole.push(c);
        let mut parts = 1;
        let mut last = c;
        while let Some(next) = rest.next_if(|next| belongs(last, *next)) {
            let is_part = last == JOINER;
            if (is_part || next == JOINER || is_tag(next)) && parts < LONGEST {
                whole.push(next);
                parts += 1;
            }
            if is_part && parts < LONGEST {
                each(&String::from(next));
            }
            last = next;
        }
        if whole.chars().count() > 1 {
            each(&String::from(c));
        }
        each(whole.trim_end_matches(JOINER));
    }
}

/// Whether a sign goes on with the picture before it.
fn belongs(last: char, next: char) -> bool {
    match last {
        JOINER => is_picture(next) || is_sign(next),
        _ => SELECTORS.contains(&next) || is_tone(next) || is_tag(next) || next == JOINER,
    }
}

/// Cheap: whether a text may have an emoji at all.
fn may_be(c: char) -> bool {
    c >= '\u{2190}' && (is_picture(c) || is_regional(c) || SELECTORS.contains(&c))
}

/// Pictures, and the signs of Unicode's blocks of symbols and dingbats.
fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{231a}' | '\u{231b}' | '\u{2328}' | '\u{23cf}' | '\u{23e9}'..='\u{23fa}'
        | '\u{2600}'..='\u{27bf}' | '\u{2934}' | '\u{2935}' | '\u{2b05}'..='\u{2b07}'
        | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}'
        | '\u{1f000}'..='\u{1f1e5}' | '\u{1f200}'..='\u{1faff}')
}

/// Signs that are emoji where a selector says so: arrows, ©, ℹ, ▶.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{25ff}'
        | '\u{2640}' | '\u{2642}' | '\u{2695}' | '\u{3030}' | '\u{303d}')
}

fn is_tone(c: char) -> bool {
    ('\u{1f3fb}'..='\u{1f3ff}').contains(&c)
}

fn is_regional(c: char) -> bool {
    ('\u{1f1e6}'..='\u{1f1ff}').contains(&c)
}

/// The unseen letters of a flag such as that of Scotland.
fn is_tag(c: char) -> bool {
    ('\u{e0020}'..='\u{e007f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for_each(text, &mut |term| found.push(term.to_owned()));
        found
    }

    #[test]
    fn tones_and_selectors_do_not_count() {
        for text in ["👍", "👍🏽", "👍🏿 ok", "ok👍"] {
            assert_eq!(found(text), ["👍"], "{text}");
        }
        assert_eq!(found("❤\u{fe0f}"), found("❤"));
        assert_eq!(found("✅ ⚠\u{fe0f} ✓"), ["✅", "⚠", "✓"]);
        assert_eq!(found("➡\u{fe0f} ▶\u{fe0f}"), ["➡", "▶"]);
        assert!(found("Format → Font © 2026 ™ 5 % №7 a*b #1").is_empty());
    }

    #[test]
    fn sequences_count_whole_and_in_their_parts() {
        let family = found("👨\u{200d}👩\u{200d}👧");
        assert_eq!(family, ["👩", "👧", "👨", "👨\u{200d}👩\u{200d}👧"]);
        let coder = found("👩🏽\u{200d}💻");
        assert_eq!(coder, ["💻", "👩", "👩\u{200d}💻"]);
        assert_eq!(found("🏳\u{fe0f}\u{200d}🌈"), found("🏳\u{200d}🌈"));
        assert_eq!(found("👨\u{200d}"), ["👨", "👨"]);
    }

    #[test]
    fn flags_are_two_letters_each() {
        assert_eq!(found("🇩🇪🇫🇷"), ["🇩🇪", "🇫🇷"]);
        assert_ne!(found("🇩🇪"), found("🇪🇩"));
        assert!(found("🇩").is_empty());
        let scotland = "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}";
        assert_eq!(found(scotland), ["🏴", scotland]);
    }
}
