//! The words of a language, from `data/grammar.toml`, ready to be looked up.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::word::Word;

/// A verb's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// "remove"
    Plain,
    /// "removes"
    Third,
    /// "removed", behind "is".
    Participle,
    /// "removing"
    Ing,
}

/// A language as the file has it: lists of words by their names.
pub(crate) type WordLists = BTreeMap<String, Vec<String>>;

/// A language, ready to be looked up.
#[derive(Debug)]
pub(crate) struct Language {
    pub common: HashSet<String>,
    pub condition: GrammarPhrases,
    pub event: HashSet<String>,
    pub except: HashSet<String>,
    pub negation: HashSet<String>,
    pub pronouns: HashSet<String>,
    pub determiners: HashSet<String>,
    pub ends: HashSet<String>,
    pub auxiliaries: HashSet<String>,
    pub actors: HashSet<String>,
    pub at_most: GrammarPhrases,
    pub less_than: GrammarPhrases,
    pub at_least: GrammarPhrases,
    pub more_than: GrammarPhrases,
    pub between: HashSet<String>,
    pub exactly: HashSet<String>,
    pub or_less: GrammarPhrases,
    pub or_more: GrammarPhrases,
    pub after: GrammarPhrases,
    pub time_units: HashSet<String>,
    pub joins: HashSet<String>,
    pub numbers: Vec<String>,
    pub nouns: HashSet<String>,
    pub lead_ins: GrammarPhrases,
    pub story: GrammarPhrases,
    pub want: GrammarPhrases,
    pub only: HashSet<String>,
    pub either: HashSet<String>,
    pub fault_states: GrammarPhrases,
    pub fault_nouns: GrammarPhrases,
    pub fault_leads: HashSet<String>,
    pub bad_data: HashSet<String>,
    pub frequency: HashSet<String>,
    pub requests: HashSet<String>,
    pub asides: GrammarPhrases,
    pub notes: HashSet<String>,
    pub talk: GrammarPhrases,
    pub abilities: GrammarPhrases,
    pub of_tests: GrammarPhrases,
    pub untouched: GrammarPhrases,
    pub unchanged: GrammarPhrases,
    fault_verbs: Verbs,
    verbs: Verbs,
}

/// Plain forms by what was written and its form.
type Verbs = HashMap<String, Vec<(Form, String)>>;

impl Language {
    /// A language from its lists; one that is missing is empty.
    ///
    /// # Errors
    /// The name of a list that no language has.
    pub fn new(mut lists: WordLists) -> Result<Self, String> {
        let mut list = |name: &str| lists.remove(name).unwrap_or_default();
        let set = |words: Vec<String>| words.into_iter().collect::<HashSet<String>>();
        let language = Language {
            common: set(list("common")),
            condition: GrammarPhrases::new(&list("condition")),
            event: set(list("event")),
            except: set(list("except")),
            negation: set(list("negation")),
            pronouns: set(list("pronouns")),
            determiners: set(list("determiners")),
            ends: set(list("ends")),
            auxiliaries: set(list("auxiliaries")),
            actors: set(list("actors")),
            at_most: GrammarPhrases::new(&list("at_most")),
            less_than: GrammarPhrases::new(&list("less_than")),
            at_least: GrammarPhrases::new(&list("at_least")),
            more_than: GrammarPhrases::new(&list("more_than")),
            between: set(list("between")),
            exactly: set(list("exactly")),
            or_less: GrammarPhrases::new(&list("or_less")),
            or_more: GrammarPhrases::new(&list("or_more")),
            after: GrammarPhrases::new(&list("after")),
            time_units: set(list("time_units")),
            joins: set(list("joins")),
            numbers: list("numbers"),
            nouns: set(list("nouns")),
            lead_ins: GrammarPhrases::new(&list("lead_ins")),
            story: GrammarPhrases::new(&list("story")),
            want: GrammarPhrases::new(&list("want")),
            only: set(list("only")),
            either: set(list("either")),
            fault_states: GrammarPhrases::new(&list("fault_states")),
            fault_nouns: GrammarPhrases::new(&list("fault_nouns")),
            fault_leads: set(list("fault_leads")),
            bad_data: set(list("bad_data")),
            frequency: set(list("frequency")),
            requests: set(list("requests")),
            asides: GrammarPhrases::new(&list("asides")),
            notes: set(list("notes")),
            talk: GrammarPhrases::new(&list("talk")),
            abilities: GrammarPhrases::new(&list("abilities")),
            of_tests: GrammarPhrases::new(&list("of_tests")),
            untouched: GrammarPhrases::new(&list("untouched")),
            unchanged: GrammarPhrases::new(&list("unchanged")),
            fault_verbs: forms(&list("fault_verbs")),
            verbs: forms(&list("verbs")),
        };
        match lists.into_keys().next() {
            Some(unknown) => Err(unknown),
            None => Ok(language),
        }
    }

    /// The plain form of a verb that has this form.
    pub fn verb(&self, word: &str, form: Form) -> Option<&str> {
        let forms = self.verbs.get(word)?;
        let found = forms.iter().find(|(of, _)| *of == form);
        found.map(|(_, verb)| verb.as_str())
    }

    /// Every form that a word may be, with the verb's plain form.
    pub fn verbs(&self, word: &str) -> &[(Form, String)] {
        self.verbs.get(word).map_or(&[], Vec::as_slice)
    }

    /// The same of the verbs that tell a fault.
    pub fn fault_verbs(&self, word: &str) -> &[(Form, String)] {
        self.fault_verbs.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether the file lists its verbs.
    pub fn has_verbs(&self) -> bool {
        !self.verbs.is_empty()
    }

    /// Words as a phrase of the file.
    pub fn phrase(&self, words: &[Word<'_>]) -> String {
        let words: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
        words.join(" ")
    }
}

/// The forms of verbs: regular ones are made, irregular ones are listed behind a colon.
fn forms(verbs: &[String]) -> Verbs {
    let mut forms = Verbs::new();
    for entry in verbs {
        let (plain, listed) = match entry.split_once(':') {
            Some((plain, listed)) => {
                let listed = listed.split(',').map(|form| form.trim().to_owned());
                (plain.trim(), listed.collect())
            }
            None => (entry.as_str(), regular(entry)),
        };
        let named = [Form::Third, Form::Participle, Form::Ing];
        let plain_form = [(Form::Plain, plain.to_owned())];
        for (form, texts) in plain_form.into_iter().chain(named.into_iter().zip(listed)) {
            // "cancelled/canceled": both spellings.
            for text in texts.split('/') {
                let known = forms.entry(text.to_owned()).or_default();
                known.push((form, plain.to_owned()));
            }
        }
    }
    forms
}

/// "removes", "removed", "removing".
fn regular(plain: &str) -> Vec<String> {
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    let before_last = plain.chars().rev().nth(1);
    if let Some(stem) = plain.strip_suffix('e') {
        return vec![
            format!("{plain}s"),
            format!("{plain}d"),
            format!("{stem}ing"),
        ];
    }
    if let Some(stem) = plain.strip_suffix('y')
        && !vowel(before_last)
    {
        return vec![
            format!("{stem}ies"),
            format!("{stem}ied"),
            format!("{plain}ing"),
        ];
    }
    let hisses = ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| plain.ends_with(end));
    let third = if hisses { "es" } else { "s" };
    vec![
        format!("{plain}{third}"),
        format!("{plain}ed"),
        format!("{plain}ing"),
    ]
}

/// Phrases of several words, looked up by their first.
#[derive(Debug, Default)]
pub(crate) struct GrammarPhrases(HashMap<String, Vec<Vec<String>>>);

impl GrammarPhrases {
    /// Phrases as the file has them; longer ones go before shorter ones.
    pub fn new(phrases: &[String]) -> Self {
        let mut found: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for phrase in phrases {
            let words: Vec<String> = phrase.split_whitespace().map(str::to_lowercase).collect();
            if let Some(first) = words.first() {
                found.entry(first.clone()).or_default().push(words);
            }
        }
        for phrases in found.values_mut() {
            phrases.sort_by_key(|words| std::cmp::Reverse(words.len()));
        }
        GrammarPhrases(found)
    }

    /// How many words the longest phrase has that begins at a place.
    pub fn at(&self, words: &[Word<'_>], place: usize) -> Option<usize> {
        let phrases = self.0.get(&words.get(place)?.lower)?;
        let holds = |phrase: &&Vec<String>| {
            let there = words.get(place..place + phrase.len());
            there.is_some_and(|there| {
                let (last, before) = match there.split_last() {
                    Some(parts) => parts,
                    None => return false,
                };
                last.lower == phrase[phrase.len() - 1]
                    && before
                        .iter()
                        .zip(phrase.iter())
                        .all(|(word, wanted)| word.lower == *wanted && word.mark.is_none())
            })
        };
        phrases.iter().find(holds).map(Vec::len)
    }

    /// The first place of a phrase in some words, and its length.
    pub fn first(&self, words: &[Word<'_>]) -> Option<(usize, usize)> {
        (0..words.len()).find_map(|place| Some((place, self.at(words, place)?)))
    }

    /// Whether a phrase ends right before a place, with at most one small word between.
    pub fn ends_before(
        &self,
        words: &[Word<'_>],
        place: usize,
        small: &HashSet<String>,
    ) -> Option<usize> {
        (place.saturating_sub(5)..place).find(|&start| {
            self.at(words, start).is_some_and(|length| {
                let between = words.get(start + length..place);
                between.is_some_and(|between| {
                    between.len() <= 1 && between.iter().all(|word| small.contains(&word.lower))
                })
            })
        })
    }
}
