//! Words of scripts that write none apart, and of Korean.
//!
//! Runs of Chinese, Japanese, Thai, Khmer, Lao and Burmese are cut by ICU4X's dictionaries and
//! models (feature `languages`). Where words are cut may differ from text to text, so pairs of
//! neighbouring ideographs count as well: 再設定 and パスワード再設定 meet whatever the cut. Korean
//! writes blanks, but joins particles to words: a word counts whole, without its particle, and in
//! pairs of syllables.

/// What a part of a word is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// No blanks between words.
    Unspaced,
    /// Korean.
    Hangul,
    /// Everything else: a word is a word.
    Spaced,
}

/// Parts of words that say nothing by themselves, sorted: particles and endings of Japanese (those
/// of one kana are left out anyway), of Chinese, and of Thai.
const STOP_PARTS: &[&str] = &[
    "กับ",
    "การ",
    "ของ",
    "ความ",
    "คือ",
    "ค่ะ",
    "จะ",
    "จาก",
    "ซึ่ง",
    "ด้วย",
    "ที่",
    "นี้",
    "ว่า",
    "เป็น",
    "และ",
    "แล้ว",
    "ใน",
    "ให้",
    "ได้",
    "ไป",
    "ある",
    "いる",
    "から",
    "こと",
    "した",
    "して",
    "する",
    "です",
    "ない",
    "なる",
    "ので",
    "ます",
    "まで",
    "より",
    "られ",
    "れる",
    "一",
    "不",
    "也",
    "了",
    "在",
    "我",
    "是",
    "的",
];

/// Particles of Korean, longest first.
const PARTICLES: &[&str] = &[
    "에서는",
    "으로는",
    "까지는",
    "에게서",
    "이라고",
    "에서",
    "에게",
    "으로",
    "까지",
    "부터",
    "처럼",
    "보다",
    "마다",
    "라고",
    "이나",
    "이라",
    "들이",
    "들을",
    "들은",
    "들의",
    "에는",
    "로는",
    "와의",
    "과의",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "로",
    "와",
    "과",
    "도",
    "만",
];

/// The fewest kana of a word that keeps a long vowel at its end: サーバー and サーバ are one.
const LONG_KATAKANA: usize = 4;

/// Katakana of so many signs may be several words, and counts in threes as well.
const LONG_COMPOUND: usize = 5;

/// Cuts a word where its script changes: `CSV出力` is `CSV` and `出力`. Marks stay with their letter.
pub(super) fn runs(word: &str) -> impl Iterator<Item = (Script, &str)> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let script = script_of(rest.chars().next()?).unwrap_or(Script::Spaced);
        let end = rest
            .char_indices()
            .find(|(_, c)| script_of(*c).is_some_and(|other| other != script))
            .map_or(rest.len(), |(end, _)| end);
        let (run, after) = rest.split_at(end);
        rest = after;
        Some((script, run))
    })
}

/// Whether a text has a sign that [`runs`] sets apart.
pub(super) fn any(word: &str) -> bool {
    !word.is_ascii()
        && word
            .chars()
            .any(|c| script_of(c).is_some_and(|s| s != Script::Spaced))
}

/// `None` for marks and joiners, which are of the script before them.
fn script_of(c: char) -> Option<Script> {
    Some(match c {
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{aa60}'..='\u{aa7f}' => Script::Unspaced,
        '\u{3099}' | '\u{309a}' => return None,
        '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => Script::Unspaced,
        _ if is_ideograph(c) => Script::Unspaced,
        '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' => Script::Hangul,
        _ if c.is_alphanumeric() => Script::Spaced,
        _ => return None,
    })
}

pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{20000}'..='\u{323af}')
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

/// Calls `each` with the words of a run without blanks, and with `pairs` also with its pairs of
/// ideographs and its threes of katakana that are no word themselves.
pub(super) fn unspaced(run: &str, pairs: bool, each: &mut dyn FnMut(&str)) {
    let words = words(run);
    for word in &words {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !super::fold::is_of_word(c));
        let mut chars = word.chars();
        let alone = match (chars.next(), chars.next()) {
            (Some(c), None) => Some(c),
            _ => None,
        };
        // One kana or consonant says nothing, two hiragana are an ending; one ideograph is a word.
        let says = alone.map_or(!word.is_empty(), is_ideograph);
        let ending = word.chars().all(is_hiragana) && word.chars().count() <= 2;
        if says && !ending && STOP_PARTS.binary_search(&word).is_err() {
            each(singular(word));
        }
    }
    if pairs {
        grams(run, is_ideograph, 2, &words, each);
        for part in run.split(|c| !is_katakana(c)) {
            if part.chars().count() >= LONG_COMPOUND {
                grams(part, is_katakana, 3, &words, each);
            }
        }
        if cfg!(not(feature = "languages")) {
            grams(
                run,
                |c| !is_ideograph(c) && !is_katakana(c),
                2,
                &words,
                each,
            );
        }
    }
}

/// Neighbouring signs of one kind, `length` of them, where they are not a word by themselves.
fn grams(
    run: &str,
    is: impl Fn(char) -> bool,
    length: usize,
    words: &[&str],
    each: &mut dyn FnMut(&str),
) {
    let of_kind = |c: char| !is(c);
    for part in run.split(of_kind) {
        let starts: Vec<usize> = part.char_indices().map(|(at, _)| at).collect();
        for (place, &start) in starts.iter().enumerate() {
            let Some(end) = (place + length <= starts.len())
                .then(|| starts.get(place + length).copied().unwrap_or(part.len()))
            else {
                break;
            };
            let gram = &part[start..end];
            if !words.contains(&gram) {
                each(gram);
            }
        }
    }
}

#[cfg(feature = "languages")]
fn words(run: &str) -> Vec<&str> {
    use icu_segmenter::options::WordBreakInvariantOptions;
    use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
    use std::sync::OnceLock;
    static SEGMENTER: OnceLock<WordSegmenterBorrowed<'static>> = OnceLock::new();
    let segmenter =
        SEGMENTER.get_or_init(|| WordSegmenter::new_auto(WordBreakInvariantOptions::default()));
    let ends: Vec<usize> = segmenter.segment_str(run).collect();
    let pairs = ends.windows(2);
    pairs.filter_map(|ends| run.get(ends[0]..ends[1])).collect()
}

/// Without a dictionary kana and ideographs are apart, which is where most words begin.
#[cfg(not(feature = "languages"))]
fn words(run: &str) -> Vec<&str> {
    let kind = |c: char| (is_hiragana(c), is_katakana(c), is_ideograph(c));
    let mut words = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, c) in run.char_indices() {
        if before.is_some_and(|before| before != kind(c)) {
            words.push(&run[start..at]);
            start = at;
        }
        before = Some(kind(c));
    }
    words.push(&run[start..]);
    words
}

/// Katakana without the long vowel at its end.
fn singular(word: &str) -> &str {
    let long = word.chars().count() >= LONG_KATAKANA && word.chars().all(is_katakana);
    match word.strip_suffix('ー') {
        Some(stem) if long => stem,
        _ => word,
    }
}

/// Calls `each` with a Korean word, with it without its particle, and with `pairs` with its pairs
/// of syllables.
pub(super) fn hangul(word: &str, pairs: bool, each: &mut dyn FnMut(&str)) {
    let syllables = word.chars().count();
    if syllables < 2 {
        return;
    }
    each(word);
    let stem = PARTICLES
        .iter()
        .find_map(|particle| word.strip_suffix(particle));
    let stem = stem.filter(|stem| stem.chars().count() >= 2);
    if let Some(stem) = stem {
        each(stem);
    }
    if pairs && syllables >= 3 {
        grams(word, |_| true, 2, &[stem.unwrap_or(word)], each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_parts_are_sorted_for_binary_search() {
        assert!(STOP_PARTS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_word_is_cut_where_its_script_changes() {
        let found: Vec<_> = runs("CSV出力がPDF를").map(|(_, run)| run).collect();
        assert_eq!(found, ["CSV", "出力が", "PDF", "를"]);
        assert!(any("mac版本") && !any("Größe") && !any("login"));
    }

    #[test]
    fn korean_words_count_with_and_without_their_particle() {
        let mut found = Vec::new();
        hangul("로그인이", true, &mut |word| {
            found.push(word.to_owned())
        });
        assert_eq!(found, ["로그인이", "로그인", "로그", "그인", "인이"]);
    }
}
