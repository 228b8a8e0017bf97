//! Which encoding bytes without a mark have, and whether that is sure.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_2022_JP, ISO_8859_2, ISO_8859_15,
    KOI8_U, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
};

/// Of this share of the characters beside ASCII it must be likely that they stand where they do.
const LIKELY: f64 = 0.9;
/// Below so many characters, encodings of East Asia are told apart by chance.
const FEW: usize = 8;
/// The same of Latin letters.
const FEW_LATIN: usize = 3;
/// The encodings of one byte that files without a mark have.
const NARROW: [&Encoding; 12] = [
    WINDOWS_1252,
    WINDOWS_1250,
    ISO_8859_2,
    WINDOWS_1251,
    KOI8_U,
    IBM866,
    WINDOWS_1253,
    WINDOWS_1254,
    WINDOWS_1255,
    WINDOWS_1256,
    WINDOWS_1257,
    WINDOWS_874,
];
/// The encodings in which almost any bytes are characters.
const WIDE: [&Encoding; 5] = [SHIFT_JIS, EUC_JP, GB18030, BIG5, EUC_KR];

/// What the detector says.
#[derive(Debug, PartialEq)]
pub(super) enum Guess {
    Sure(&'static Encoding),
    /// What it may be.
    Unsure(String),
}

/// The encoding of a text that is not UTF-8.
pub(super) fn encoding(sample: &[u8]) -> Guess {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let guess = if guess == GBK { GB18030 } else { guess };
    if guess == ISO_2022_JP {
        let broken = guess.decode_without_bom_handling(sample).1;
        // The escapes may be those of a terminal's colours.
        return Guess::Sure(if broken { UTF_8 } else { guess });
    }
    if sample.is_ascii() {
        return Guess::Sure(UTF_8);
    }
    if WIDE.contains(&guess) {
        return wide(guess, sample);
    }
    // The sign of the euro in ISO-8859-15 is one that nobody uses elsewhere.
    let has_controls = sample.iter().any(|byte| (0x80..0xa0).contains(byte));
    if guess == WINDOWS_1252 && !has_controls && sample.contains(&0xa4) {
        return checked(ISO_8859_15, sample);
    }
    let western = likely(WINDOWS_1252, sample);
    let is_few = foreign(guess, sample).len() < few(guess, sample);
    if guess != WINDOWS_1252
        && western >= LIKELY
        && (western > likely(guess, sample) || is_few)
        && !(is_few && has_foreign_words(sample))
    {
        return Guess::Sure(WINDOWS_1252);
    }
    if is_few && guess != WINDOWS_1252 {
        return alone(guess, sample);
    }
    checked(guess, sample)
}

/// Below so many characters beside ASCII the detector's guess is one of several: Latin letters
/// have others around them, words of other scripts do not.
fn few(guess: &'static Encoding, sample: &[u8]) -> usize {
    let is_latin = |c: &char| script(*c) == LetterScript::Latin;
    match foreign(guess, sample).iter().all(is_latin) {
        true => FEW_LATIN,
        false => FEW,
    }
}

/// The characters beside ASCII.
fn foreign(encoding: &'static Encoding, sample: &[u8]) -> Vec<char> {
    let (text, _) = encoding.decode_without_bom_handling(whole(sample));
    text.chars().filter(|c| !c.is_ascii()).collect()
}

/// Sure where no other encoding makes likely characters of the few that there are.
fn alone(guess: &'static Encoding, sample: &[u8]) -> Guess {
    let text = foreign(guess, sample);
    let others: Vec<&str> = NARROW
        .into_iter()
        .filter(|other| likely(other, sample) >= LIKELY)
        .chain(WIDE.into_iter().filter(|other| is_common(other, sample).1))
        .filter(|other| *other != guess && foreign(other, sample) != text)
        .map(Encoding::name)
        .collect();
    match others.first() {
        None => checked(guess, sample),
        Some(other) => Guess::Unsure(format!("{} or {other}", guess.name())),
    }
}

/// Whether a word has more letters beside ASCII than words of Western languages have: "Âõîä".
fn has_foreign_words(sample: &[u8]) -> bool {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(whole(sample));
    let words = text.split(|c: char| !c.is_alphabetic());
    words
        .map(|word| {
            (
                word.chars().count(),
                word.chars().filter(|c| !c.is_ascii()).count(),
            )
        })
        .any(|(all, foreign)| all > 1 && foreign > all.div_ceil(2))
}

fn checked(guess: &'static Encoding, sample: &[u8]) -> Guess {
    if likely(guess, sample) >= LIKELY {
        return Guess::Sure(guess);
    }
    Guess::Unsure(match likely(MACINTOSH, sample) >= LIKELY {
        true => "macintosh".to_owned(),
        false => format!("{}, or a code page of MS-DOS", guess.name()),
    })
}

fn wide(guess: &'static Encoding, sample: &[u8]) -> Guess {
    let (count, is_good) = is_common(guess, sample);
    let mut others = WIDE.into_iter().filter(|other| *other != guess);
    let is_told = count >= FEW
        || (!others.any(|other| is_common(other, sample).1)
            && [WINDOWS_1252, WINDOWS_1250]
                .into_iter()
                .all(|latin| likely(latin, sample) < LIKELY));
    match is_good && is_told {
        true => Guess::Sure(guess),
        false => Guess::Unsure(guess.name().to_owned()),
    }
}

/// How many characters beside ASCII there are, and whether they are common ones of the encoding.
fn is_common(encoding: &'static Encoding, sample: &[u8]) -> (usize, bool) {
    let (text, _) = encoding.decode_without_bom_handling(whole(sample));
    let foreign: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    let kana = foreign.iter().filter(|c| is_kana(**c)).count();
    let common = foreign
        .iter()
        .filter(|c| is_common_in(encoding, **c))
        .count();
    let is_japanese = encoding == SHIFT_JIS || encoding == EUC_JP;
    // Japanese of some length has kana; nobody else's text has.
    let script = match is_japanese {
        true => kana > 0 || foreign.len() < FEW,
        false => kana * 20 <= foreign.len(),
    };
    let share = common as f64 / foreign.len().max(1) as f64;
    (foreign.len(), script && share >= LIKELY)
}

fn is_kana(c: char) -> bool {
    ('\u{3041}'..='\u{30ff}').contains(&c) && c != '・'
}

/// Whether a character is in the first, common part of the encoding's table.
fn is_common_in(encoding: &'static Encoding, c: char) -> bool {
    if is_kana(c)
        || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}' | '\u{2010}'..='\u{22ff}' | '·' | '×' | '°' | '±' | '・')
    {
        return true;
    }
    let text = c.to_string();
    let (bytes, _, _) = encoding.encode(&text);
    let [lead, trail] = bytes[..] else {
        return false;
    };
    match encoding {
        _ if encoding == SHIFT_JIS => {
            (0x889f..=0x9872).contains(&u16::from_be_bytes([lead, trail]))
        }
        _ if encoding == EUC_JP => (0xb0..=0xcf).contains(&lead),
        _ if encoding == EUC_KR => (0xb0..=0xc8).contains(&lead) && trail >= 0xa1,
        _ if encoding == BIG5 => (0xa4..=0xc6).contains(&lead),
        _ => (0xb0..=0xd7).contains(&lead) && trail >= 0xa1,
    }
}

/// The sample without the line that is cut off at its end.
fn whole(sample: &[u8]) -> &[u8] {
    match memchr::memrchr(b'\n', sample) {
        Some(end) if sample[..end].iter().any(|byte| !byte.is_ascii()) => &sample[..end],
        _ => sample,
    }
}

/// The share of the characters beside ASCII that stand where such characters stand in texts.
fn likely(encoding: &'static Encoding, sample: &[u8]) -> f64 {
    let (text, _) = encoding.decode_without_bom_handling(whole(sample));
    let (mut all, mut good) = (0u32, 0u32);
    let (mut before, mut at) = (' ', ' ');
    for after in text.chars().chain([' ']) {
        if !at.is_ascii() {
            all += 1;
            good += u32::from(is_likely(before, at, after));
        }
        (before, at) = (at, after);
    }
    f64::from(good) / f64::from(all.max(1))
}

fn is_likely(before: char, c: char, after: char) -> bool {
    let letters = before.is_alphabetic() && after.is_alphabetic();
    let has_room = !before.is_alphabetic() && !after.is_alphabetic();
    match c {
        '\u{80}'..='\u{9f}' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => false,
        '¤' | '¨' | '¸' | '¯' | '¬' | '˙' | '˛' | '˘' | '˝' | '¦' => false,
        '\u{2500}'..='\u{259f}' => has_room,
        '„' | '‚' | '“' | '‘' | '«' | '¿' | '¡' => {
            !before.is_alphabetic() || !after.is_alphabetic() && c != '„' && c != '‚'
        }
        '’' | '–' | '—' | '…' | '\u{a0}' | '\u{ad}' | '·' | '´' | '•' | '\u{200c}' | '\u{200d}' => {
            true
        }
        'ª' | 'º' | '¹' | '²' | '³' => !after.is_alphabetic(),
        // Vowels and tones of these scripts are marks.
        _ if c.is_alphabetic()
            || [
                LetterScript::Hebrew,
                LetterScript::Arabic,
                LetterScript::Thai,
            ]
            .contains(&script(c)) =>
        {
            // A capital inside of a word, letters of two scripts in one, a capital all alone.
            let shouts = c.is_uppercase() && before.is_lowercase();
            let alone = c.is_uppercase() && has_room && script(c) == LetterScript::Latin;
            let fits = |other: char| !other.is_alphabetic() || script(other) == script(c);
            !shouts && !alone && fits(before) && fits(after)
        }
        _ => !letters,
    }
}

#[derive(PartialEq)]
enum LetterScript {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Thai,
    Other,
}

fn script(c: char) -> LetterScript {
    match c {
        '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => LetterScript::Latin,
        '\u{370}'..='\u{3ff}' => LetterScript::Greek,
        '\u{400}'..='\u{52f}' => LetterScript::Cyrillic,
        '\u{590}'..='\u{5ff}' => LetterScript::Hebrew,
        '\u{600}'..='\u{6ff}' => LetterScript::Arabic,
        '\u{e00}'..='\u{e7f}' => LetterScript::Thai,
        _ => LetterScript::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(label: &str, text: &str) -> Guess {
        let encoding_ = Encoding::for_label(label.as_bytes()).unwrap();
        let text = format!("Issue key,Summary,Status\nNIM-1,{text},Open\n");
        let (bytes, _, lossy) = encoding_.encode(&text);
        assert!(!lossy, "{label}: {text}");
        encoding(&bytes)
    }

    #[test]
    fn what_is_sure_is_right() {
        let texts = [
            ("windows-1252", "Größe"),
            ("windows-1252", "Preis – „Größe“ zeigt € statt $"),
            ("windows-1252", "Le résultat n’est pas affiché"),
            ("windows-1252", "señor"),
            ("windows-1252", "naïve"),
            ("windows-1252", "± 0.5"),
            ("windows-1252", "été à Noël"),
            ("windows-1252", "Preis 5 £ … ok"),
            ("windows-1252", "37 °C, 5 µm, 3 ½, ± 2 %"),
            ("windows-1252", "Søknad på åpen side"),
            ("windows-1252", "Êtes-vous là ? « Oui »"),
            ("iso-8859-15", "Preis 5 € für Größe"),
            ("iso-8859-2", "Błąd przy logowaniu: żółć"),
            ("windows-1250", "Błąd przy logowaniu, nie można zapisać"),
            ("windows-1250", "Chyba při přihlášení uživatele"),
            ("windows-1251", "Ошибка при входе"),
            ("ibm866", "Ошибка при входе"),
            ("iso-8859-5", "Ошибка при входе"),
            ("windows-1253", "Σφάλμα σύνδεσης"),
            ("windows-1254", "Şifre yanlış görünüyor, giriş yapılamıyor"),
            ("windows-1255", "שגיאה בכניסה"),
            ("windows-1256", "خطأ في تسجيل الدخول"),
            ("windows-874", "เข้าสู่ระบบไม่ได้"),
            ("windows-1257", "Klaida prisijungiant šįkart ūž"),
            ("shift_jis", "ログイン画面が落ちる"),
            ("shift_jis", "検索失敗"),
            ("shift_jis", "ログイン"),
            ("euc-jp", "ログイン画面が落ちる"),
            ("iso-2022-jp", "ログイン画面が落ちる"),
            ("gb18030", "登录页面打不开，请检查网络"),
            ("big5", "登入頁面無法開啟，請檢查網路"),
            ("euc-kr", "로그인 화면이 열리지 않습니다"),
        ];
        for (label, text) in texts {
            let expected = Encoding::for_label(label.as_bytes()).unwrap();
            assert_eq!(guess(label, text), Guess::Sure(expected), "{label}: {text}");
        }
        let koi = guess("koi8-r", "Ошибка при входе");
        assert!(matches!(koi, Guess::Sure(found) if found.name().starts_with("KOI8")));
    }

    #[test]
    fn what_is_not_sure_is_said() {
        let texts = [
            ("gb18030", "登录失败"),
            ("euc-kr", "합계"),
            ("euc-jp", "検索失敗"),
            ("windows-1250", "żółw"),
            ("windows-1250", "ąę"),
            ("windows-1251", "Вход"),
            ("shift_jis", "表示"),
            ("shift_jis", "ｶﾅ"),
            ("macintosh", "Größe fällt auf"),
            ("macintosh", "Le résultat est affiché"),
        ];
        for (label, text) in texts {
            let guess = guess(label, text);
            assert!(
                matches!(guess, Guess::Unsure(_)),
                "{label}: {text}: {guess:?}"
            );
        }
        for dos in [
            &b"Gr\x94\xe1e f\x84llt auf\n"[..],
            b"Le r\x82sultat est affich\x82 \x85 la fin\n",
        ] {
            assert!(matches!(encoding(dos), Guess::Unsure(_)));
        }
    }
}
