//! What a report denies, affirmed: "does not open", "opens".

use std::ops::Range;

use super::title::Title;
use super::turned::{Edit, TitlePart};
use super::verbs::{plain_form, third_person};
use crate::text::grammar::Form;

/// What takes the place of a denial.
enum Affirmed {
    /// The verb behind it with its ending: of one, of many, or of as many as the subject.
    Verb(Option<bool>),
    /// An auxiliary.
    By(&'static str),
    /// It says what must be and stays.
    Duty,
}

/// Verbs that tell a fault, but may be what should happen: "The hint does not disappear".
const WANTED: [&str; 8] = [
    "block",
    "crop",
    "disappear",
    "ignore",
    "prevent",
    "throw",
    "truncate",
    "vanish",
];

impl Title<'_> {
    /// What is denied at a place, affirmed.
    pub fn denied(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let subject = part.start..place;
        if let Some((length, affirmed)) = self.denial(place) {
            return match affirmed {
                Affirmed::Duty => self.duty(part, place),
                Affirmed::By(auxiliary) => {
                    let from = place + length;
                    if self.word(from) == "able" && self.word(from + 1) == "to" {
                        return self.ability(part, place, from + 2);
                    }
                    self.affirm(part, subject, place..from, auxiliary)
                }
                Affirmed::Verb(many) => {
                    let many = many.unwrap_or_else(|| self.is_plural(&subject));
                    self.affirm_verb(part, subject, place..place + length, many)
                }
            };
        }
        match (self.word(place), self.word(place + 1)) {
            ("fails" | "fail" | "failed" | "failing", "to") => {
                let many = match self.word(place) {
                    "fails" => false,
                    "fail" => true,
                    _ => self.is_plural(&subject),
                };
                self.affirm_verb(part, subject, place..place + 2, many)
            }
            ("unable" | "impossible", "to") => self.ability(part, place, place + 2),
            ("not", "able") if self.word(place + 2) == "to" => self.ability(part, place, place + 3),
            ("not", "possible") if self.word(place + 2) == "to" => {
                self.ability(part, place, place + 3)
            }
            ("no", "longer") => self.without_auxiliary(part, place, 2),
            ("never" | "not", _) => self.without_auxiliary(part, place, 1),
            ("without", _) => TitlePart::Nothing,
            _ if self.denies(place) => TitlePart::Unsure,
            _ => TitlePart::Nothing,
        }
    }

    /// The denial that an auxiliary carries, and its words.
    fn denial(&self, place: usize) -> Option<(usize, Affirmed)> {
        let word = self.word(place);
        let (bare, short) = match word {
            "doesnt" => ("does", true),
            "dont" => ("do", true),
            "cannot" | "can't" | "cant" => ("can", true),
            "won't" => ("will", true),
            _ => match word.strip_suffix("n't") {
                Some(bare) => (bare, true),
                None => (word, false),
            },
        };
        let mut length = 1;
        if !short {
            while matches!(self.word(place + length), "still" | "currently" | "also") {
                length += 1;
            }
            length += match (self.word(place + length), self.word(place + length + 1)) {
                ("no", "longer") => 2,
                ("not" | "never", _) => 1,
                _ if self.is_duty(place) => 0,
                _ => return None,
            };
        }
        let affirmed = match bare {
            _ if self.is_duty(place) => Affirmed::Duty,
            "does" => Affirmed::Verb(Some(false)),
            "do" => Affirmed::Verb(Some(true)),
            "did" | "will" | "would" => Affirmed::Verb(None),
            "is" | "was" | "ai" => Affirmed::By("is"),
            "are" | "were" => Affirmed::By("are"),
            "has" | "had" => Affirmed::By("has"),
            "have" => Affirmed::By("have"),
            "can" | "could" => Affirmed::By("can"),
            _ => return None,
        };
        Some((length, affirmed))
    }

    /// "should", "must", with or without a denial.
    fn is_duty(&self, place: usize) -> bool {
        ["should", "must", "shall", "shouldn't", "mustn't"].contains(&self.word(place))
    }

    /// What says what must be is said as it should be.
    fn duty(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let words = self.sentence.words.len();
        let contrast = |at: usize| {
            matches!(self.word(at), "but" | "instead" | "however" | "although")
                || at > part.end && self.denies(at)
        };
        let mut before = self
            .parts()
            .into_iter()
            .take_while(|before| before.end <= part.start);
        let named = before.all(|part| part.len() <= 4 || self.condition(part.start).is_some());
        match named && self.reach(place, part).is_some() && !(place + 1..words).any(contrast) {
            true => self.kept(words),
            false => TitlePart::Unsure,
        }
    }

    /// "is not shown": "is shown".
    fn affirm(
        &self,
        part: &Range<usize>,
        subject: Range<usize>,
        denial: Range<usize>,
        auxiliary: &str,
    ) -> TitlePart {
        if subject.is_empty() {
            // "Cannot open the list" is said of whoever tries.
            return match auxiliary {
                "can" => self.ability(part, denial.start, denial.end),
                _ => TitlePart::Unsure,
            };
        }
        let from = denial.end;
        let verb = self.word(from);
        if verb.is_empty() || from >= part.end || !self.is_subject(&subject) || self.is_vague(from)
        {
            return TitlePart::Unsure;
        }
        // "is not working" works.
        let edits = match (auxiliary, verb) {
            ("is", "working") => vec![(denial.start..from + 1, "works".to_owned())],
            ("are", "working") => vec![(denial.start..from + 1, "work".to_owned())],
            _ => vec![(denial, auxiliary.to_owned())],
        };
        self.turn(part, &subject, from + 1, true, edits).into()
    }

    /// "not only", "not even": words that a denial cannot leave.
    fn is_vague(&self, at: usize) -> bool {
        matches!(
            self.word(at),
            "only"
                | "even"
                | "just"
                | "necessarily"
                | "sure"
                | "clear"
                | "all"
                | "every"
                | "enough"
        ) || self.denies(at)
    }

    /// "does not open": "opens".
    fn affirm_verb(
        &self,
        part: &Range<usize>,
        subject: Range<usize>,
        denial: Range<usize>,
        many: bool,
    ) -> TitlePart {
        let mut at = denial.end;
        let mut edits: Vec<Edit> = vec![(denial, String::new())];
        if matches!(
            self.word(at),
            "seem" | "appear" | "want" | "seems" | "appears"
        ) && self.word(at + 1) == "to"
        {
            edits.push((at..at + 2, String::new()));
            at += 2;
        }
        // "does not properly fire": "properly fires".
        while at < part.end && self.is_manner(at) {
            at += 1;
        }
        let verb = self.word(at);
        let written = self.sentence.words.get(at).map_or("", |word| word.text);
        let is_fault = !self.language.fault_verbs(verb).is_empty() && !WANTED.contains(&verb);
        let third = match (verb, many) {
            ("be", true) => Some("are".to_owned()),
            ("be", false) => Some("is".to_owned()),
            (_, true) => third_person(verb).map(|_| written.to_owned()),
            (_, false) => third_person(verb),
        };
        let (Some(third), true) = (third, at < part.end) else {
            return TitlePart::Unsure;
        };
        let small = self.language.ends.contains(verb) || self.language.determiners.contains(verb);
        if is_fault || small || self.is_vague(at) || !self.is_subject(&subject) {
            return TitlePart::Unsure;
        }
        edits.push((at..at + 1, third));
        // "does not give any rows" gives rows.
        if self.word(at + 1) == "any" && !matches!(self.word(at + 2), "more" | "longer") {
            edits.push((at + 1..at + 2, String::new()));
        }
        self.turn(part, &subject, at + 1, true, edits).into()
    }

    fn is_manner(&self, at: usize) -> bool {
        let word = self.word(at);
        word.ends_with("ly") && !matches!(word, "apply" | "reply" | "rely" | "comply" | "only")
            || word == "always"
    }

    /// "Unable to open": "Open"; behind a subject "can open".
    fn ability(&self, part: &Range<usize>, place: usize, from: usize) -> TitlePart {
        let mut end = place;
        while end > part.start
            && matches!(
                self.word(end - 1),
                "is" | "are" | "was" | "were" | "being" | "still"
            )
        {
            end -= 1;
        }
        let mut subject = part.start..end;
        let verb = self.word(from);
        if from >= part.end || verb == "be" && subject.is_empty() || self.is_vague(from) {
            return TitlePart::Unsure;
        }
        if subject.len() == 1 && matches!(self.word(part.start), "it" | "it's") {
            subject = part.start..part.start;
        }
        if subject.is_empty() {
            // "Cannot build" alone would say nothing.
            let alone = self
                .reach(from, part)
                .is_none_or(|reach| reach.until <= from + 1);
            if alone {
                return TitlePart::Unsure;
            }
            let edits = vec![(part.start..from, String::new())];
            return self.turn(part, &(from..from), from + 1, true, edits).into();
        }
        if !self.is_subject(&subject) {
            return TitlePart::Unsure;
        }
        let edits = vec![(end..from, "can".to_owned())];
        self.turn(part, &subject, from + 1, true, edits).into()
    }

    /// "Page not displayed", "Search never finishes", "Rows no longer load".
    fn without_auxiliary(&self, part: &Range<usize>, place: usize, length: usize) -> TitlePart {
        let subject = part.start..place;
        let (from, denial) = (place + length, place..place + length);
        let word = self.word(from);
        if from >= part.end || word.is_empty() || !self.is_subject(&subject) {
            return TitlePart::Unsure;
        }
        let many = self.is_plural(&subject);
        let be = if many { "are" } else { "is" };
        let is_state = word.ends_with("able")
            || word.ends_with("ible")
            || [
                "correct",
                "valid",
                "active",
                "ready",
                "present",
                "aligned",
                "right",
                "fully",
                "unique",
                "correctly",
                "properly",
            ]
            .contains(&word);
        let edits = match word {
            "working" | "work" => {
                let works = if many { "work" } else { "works" };
                vec![(place..from + 1, works.to_owned())]
            }
            _ if self.language.verb(word, Form::Participle).is_some()
                || word.ends_with("ed") && word.len() > 4
                || is_state =>
            {
                vec![(denial, be.to_owned())]
            }
            _ => {
                let ing = self.language.verb(word, Form::Ing);
                let third = ing.and_then(|plain| match many {
                    true => Some(plain.to_owned()),
                    false => third_person(plain),
                });
                match third {
                    Some(third) => vec![(place..from + 1, third)],
                    // "never finishes": the verb has its ending already.
                    None if self.word(place) != "not" && plain_form(word).is_some() && !many => {
                        vec![(denial, String::new())]
                    }
                    None if self.word(place) != "not" && many && third_person(word).is_some() => {
                        vec![(denial, String::new())]
                    }
                    None => return TitlePart::Unsure,
                }
            }
        };
        self.turn(part, &subject, from + 1, true, edits).into()
    }
}
