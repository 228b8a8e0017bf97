//! The words of dates, from `data/dates.toml`: months and weekdays of many languages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const TABLE: &str = include_str!("../../../data/dates.toml");

/// The entry of the table that belongs to every language.
const ANY: &str = "any";
const THAI: &str = "th";

type DateLists = BTreeMap<String, Vec<String>>;

/// All words, folded; read once.
pub(super) static WORDS: LazyLock<DateWords> = LazyLock::new(|| {
    // A test reads the table; where it could not be read, dates have no words.
    let table: DateWordsFile = toml::from_str(TABLE).unwrap_or_default();
    DateWords::of(&table)
});

/// A set of languages, a bit for each.
pub(super) type DateLanguages = u64;

/// The months that a name means, with the languages where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MonthName(Vec<(i8, DateLanguages)>);

impl MonthName {
    /// The month, where the name means only one in these languages.
    pub fn month(&self, languages: DateLanguages) -> Option<i8> {
        let mut fitting = match &self.0[..] {
            [(month, _)] => return Some(*month),
            several => several.iter().filter(|(_, all)| all & languages != 0),
        };
        let month = fitting.next()?.0;
        fitting.next().is_none().then_some(month)
    }

    /// The languages that have this name.
    pub fn languages(&self) -> DateLanguages {
        self.0.iter().fold(0, |all, (_, some)| all | some)
    }
}

/// Which half of the day an hour of 1 to 12 is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Half {
    pub after_noon: bool,
    /// It is the evening: 12 could be noon or midnight.
    pub is_evening: bool,
    /// The word is used only where the year comes first.
    pub year_first: bool,
}

/// What a number is by the sign that is written to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateUnit {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

#[derive(Default)]
pub(super) struct DateWords {
    months: HashMap<String, MonthName>,
    /// The languages that a word of a header tells.
    hints: HashMap<String, DateLanguages>,
    /// The language whose years may be Buddhist.
    thai: DateLanguages,
    /// A bit for each day that the word may mean, Monday first.
    weekdays: HashMap<String, u8>,
    weekday_signs: HashMap<String, u8>,
    fillers: HashSet<String>,
    ordinals: HashSet<String>,
    units: HashMap<String, Vec<DateUnit>>,
    month_before: HashSet<String>,
    halves: HashMap<String, Half>,
    zones: HashMap<String, i32>,
    /// Words of scripts without blanks, longest first.
    unspaced: Vec<String>,
}

impl DateWords {
    pub fn month(&self, word: &str) -> Option<&MonthName> {
        self.months.get(word)
    }

    /// The languages that the names of columns tell; 0 where they tell none.
    pub fn languages_of(&self, column: &str) -> DateLanguages {
        let name = fold(column);
        let words = name.split(|c: char| !c.is_alphanumeric());
        let told = words.filter_map(|word| self.hints.get(word));
        told.fold(0, |all, some| all | some)
    }

    /// The year beside the name of a month: Thai years count from 543 before. A Thai year of two
    /// digits that could be either is none.
    pub fn year(&self, name: &MonthName, year: i16) -> Option<i16> {
        match year {
            _ if name.languages() != self.thai => Some(year),
            2_513..=2_643 => Some(year - 543),
            1_970..=1_983 | 2_041..=2_069 => None,
            _ => Some(year),
        }
    }

    pub fn weekdays(&self, word: &str) -> Option<u8> {
        self.weekdays.get(word).copied()
    }

    /// The same for one sign of Chinese, Japanese or Korean, which alone may be something else.
    pub fn weekday_sign(&self, sign: &str) -> Option<u8> {
        self.weekday_signs.get(sign).copied()
    }

    pub fn is_filler(&self, word: &str) -> bool {
        self.fillers.contains(word)
    }

    pub fn is_ordinal(&self, word: &str) -> bool {
        self.ordinals.contains(word)
    }

    pub fn is_month_before(&self, word: &str) -> bool {
        self.month_before.contains(word)
    }

    pub fn is(&self, word: &str, unit: DateUnit) -> bool {
        self.units.get(word).is_some_and(|all| all.contains(&unit))
    }

    pub fn half(&self, word: &str) -> Option<Half> {
        self.halves.get(word).copied()
    }

    /// Minutes east of Greenwich.
    pub fn zone(&self, word: &str) -> Option<i32> {
        self.zones.get(word).copied()
    }

    /// The longest word of an unspaced script that the text begins with, else its first sign.
    pub fn unspaced<'a>(&self, text: &'a str) -> &'a str {
        let known = self.unspaced.iter().find(|word| text.starts_with(&***word));
        let length = known.map_or_else(
            || text.chars().next().map_or(0, char::len_utf8),
            String::len,
        );
        &text[..length]
    }

    fn of(table: &DateWordsFile) -> Self {
        let mut words = DateWords {
            fillers: folded(&table.fillers.words),
            ordinals: folded(&table.fillers.ordinals),
            ..DateWords::default()
        };
        words.take_months(&table.months, &table.hints);
        for (language, days) in &table.weekdays {
            debug_assert!(days.len() == 7, "seven days in {language}");
            for (day, names) in days.iter().enumerate() {
                for name in names.split(' ').map(fold) {
                    let one_sign = name.chars().count() == 1;
                    let all = match one_sign {
                        true => &mut words.weekday_signs,
                        false => &mut words.weekdays,
                    };
                    *all.entry(name).or_default() |= 1 << day;
                }
            }
        }
        words.take_units(&table.units);
        let early: HashSet<String> = folded(&table.halves.year_first);
        let halves = [
            (&table.halves.before_noon, false, false),
            (&table.halves.after_noon, true, false),
            (&table.halves.evening, true, true),
        ];
        for (list, after_noon, is_evening) in halves {
            for word in folded(list) {
                let year_first = early.contains(&word);
                let half = Half {
                    after_noon,
                    is_evening,
                    year_first,
                };
                words.halves.insert(word.replace(' ', ""), half);
            }
        }
        let zones = table.zones.iter();
        words.zones = zones.map(|(name, east)| (fold(name), *east)).collect();
        words.take_unspaced();
        words
    }

    fn take_months(&mut self, months: &DateLists, hints: &DateLists) {
        let mut bit: DateLanguages = 1;
        for (language, months) in months {
            for hint in hints.get(language).into_iter().flatten() {
                *self.hints.entry(fold(hint)).or_default() |= bit;
            }
            if language == THAI {
                self.thai = bit;
            }
            debug_assert!(months.len() == 12, "twelve months in {language}");
            let languages = match language == ANY {
                true => DateLanguages::MAX,
                false => bit,
            };
            for (month, names) in (1..).zip(months) {
                for name in names.split(' ') {
                    let known = self.months.entry(fold(name)).or_insert(MonthName(vec![]));
                    match known.0.iter_mut().find(|(m, _)| *m == month) {
                        Some((_, all)) => *all |= languages,
                        None => known.0.push((month, languages)),
                    }
                }
            }
            bit <<= 1;
        }
    }

    fn take_units(&mut self, units: &DateUnits) {
        let lists = [
            (&units.year, DateUnit::Year),
            (&units.month, DateUnit::Month),
            (&units.day, DateUnit::Day),
            (&units.hour, DateUnit::Hour),
            (&units.minute, DateUnit::Minute),
            (&units.second, DateUnit::Second),
        ];
        for (list, unit) in lists {
            for word in folded(list) {
                self.units.entry(word).or_default().push(unit);
            }
        }
        self.month_before = folded(&units.month_before);
    }

    fn take_unspaced(&mut self) {
        let all = (self.months.keys())
            .chain(self.weekdays.keys())
            .chain(self.halves.keys());
        self.unspaced = all
            .filter(|word| word.starts_with(is_unspaced))
            .cloned()
            .collect();
        self.unspaced
            .sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    }
}

/// Whether words of this sign's script are written without blanks between them.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Without capitals, accents, differences of width and marks of direction.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.to_lowercase();
    let folded: String = lower.nfkd().filter_map(plain).nfc().collect();
    match folded.contains(is_thai) {
        true => without_dots(&folded),
        false => folded,
    }
}

/// Thai abbreviations such as `ม.ค.` without their dots.
fn without_dots(text: &str) -> String {
    let mut before = ' ';
    let kept = text.chars().filter(|&c| {
        let is_dot = c == '.' && is_thai(before);
        before = c;
        !is_dot
    });
    kept.collect()
}

fn is_thai(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{e4e}')
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        'ı' => 'i',
        'ς' => 'σ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '’' | 'ʼ' | '′' => '\'',
        // What ends an abbreviation in Hindi.
        '\u{970}' => '.',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => return None,
        '\u{feff}' | '\u{61c}' | '׳' | '״' => return None,
        // Vowels of Indic scripts and of Thai are part of a word, tones and the like are not.
        '\u{900}'..='\u{eff}' if c.is_alphabetic() => c,
        _ if is_combining_mark(c) => return None,
        _ => digit(c).map_or(c, |d| char::from(b'0' + d)),
    })
}

/// The value of a decimal digit of any script that has its own.
fn digit(c: char) -> Option<u8> {
    const ZEROS: [u32; 7] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x7c0, 0x1040];
    let code = u32::from(c);
    let of = |zero: &u32| u8::try_from(code.checked_sub(*zero)?).ok();
    ZEROS.iter().filter_map(of).find(|digit| *digit < 10)
}

fn folded(words: &[String]) -> HashSet<String> {
    words.iter().map(|word| fold(word)).collect()
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct DateWordsFile {
    months: DateLists,
    hints: DateLists,
    weekdays: DateLists,
    fillers: Fillers,
    units: DateUnits,
    halves: Halves,
    zones: BTreeMap<String, i32>,
}

#[derive(Deserialize, Default)]
struct Fillers {
    words: Vec<String>,
    ordinals: Vec<String>,
}

#[derive(Deserialize, Default)]
struct DateUnits {
    year: Vec<String>,
    month: Vec<String>,
    day: Vec<String>,
    hour: Vec<String>,
    minute: Vec<String>,
    second: Vec<String>,
    month_before: Vec<String>,
}

#[derive(Deserialize, Default)]
struct Halves {
    before_noon: Vec<String>,
    after_noon: Vec<String>,
    evening: Vec<String>,
    year_first: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> DateWordsFile {
        toml::from_str(TABLE).expect("data/dates.toml is well formed")
    }

    #[test]
    fn the_table_is_whole() {
        let table = table();
        assert!(table.months.len() >= 30 && table.months.len() < 64);
        for (language, months) in &table.months {
            assert_eq!(months.len(), 12, "{language}");
        }
        for (language, days) in &table.weekdays {
            assert_eq!(days.len(), 7, "{language}");
        }
    }

    #[test]
    fn names_of_several_months_are_only_those_that_are_known() {
        let words = DateWords::of(&table());
        let mut several: Vec<_> = words
            .months
            .iter()
            .filter(|(_, name)| name.0.len() > 1)
            .collect();
        several.sort_by_key(|(name, _)| name.as_str());
        let names: Vec<_> = several.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["lip", "lis", "listopad", "listopada", "srp"]);
        for (_, name) in several {
            assert_eq!(name.month(DateLanguages::MAX), None);
        }
    }

    #[test]
    fn every_name_is_found_in_capitals_and_without_accents() {
        for months in table().months.values() {
            for (month, names) in (1..).zip(months) {
                for name in names.split(' ') {
                    for form in [name.to_owned(), name.to_uppercase(), name.nfd().collect()] {
                        let found = WORDS.month(&fold(&form)).expect(name);
                        assert!(found.0.iter().any(|(m, _)| *m == month), "{form}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_word_is_of_two_halves_of_the_day() {
        let table = table();
        let early = folded(&table.halves.before_noon);
        let late = folded(&table.halves.after_noon);
        let evening = folded(&table.halves.evening);
        assert!(early.is_disjoint(&late));
        assert!(evening.is_disjoint(&early) && evening.is_disjoint(&late));
    }

    #[test]
    fn digits_of_other_scripts_are_digits() {
        assert_eq!(fold("١٢/٠٣/٢٠٢٥"), "12/03/2025");
        assert_eq!(fold("２０２５年３月"), "2025年3月");
        assert_eq!(fold("\u{200e}3\u{200e}/4"), "3/4");
        assert_eq!(fold("AĞUSTOS Kasım ΜΑΪ́ΟΥ"), "agustos kasim μαιου");
    }
}
