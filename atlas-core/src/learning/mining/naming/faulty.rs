//! What a report tells to be a fault, denied: "crashes", "does not crash".

use std::ops::Range;

use super::title::Title;
use super::turned::{Edit, TitlePart};
use super::verbs::plain_form;
use crate::text::grammar::Form;

/// What is done to data that should not be taken.
const REFUSALS: [&str; 7] = [
    "rejected", "refused", "blocked", "denied", "removed", "ignored", "hidden",
];

/// Verbs whose participle tells what is done to something.
const TRANSITIVE: [&str; 9] = [
    "cause", "prevent", "block", "corrupt", "truncate", "crop", "ignore", "throw", "break",
];

impl Title<'_> {
    /// What is a fault at a place, denied.
    pub fn faulty(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let subject = part.start..place;
        match self.word(place) {
            "is" | "are" | "was" | "were" => self.faulty_state(part, place),
            "can" | "may" | "might" | "could" | "will" | "would" => self.faulty_modal(part, place),
            "has" | "have" | "gets" | "get" => self.faulty_object(part, place),
            word if self.is_auxiliary(place) || word.is_empty() => TitlePart::Nothing,
            _ if subject.is_empty() => TitlePart::Nothing,
            "stops" | "stopped" if self.word(place + 1) == "working" => {
                let keeps = match (self.word(place), self.is_plural(&subject)) {
                    ("stops", _) => "keeps working",
                    (_, false) => "works",
                    (_, true) => "work",
                };
                let edits = vec![(place..place + 2, keeps.to_owned())];
                self.deny(part, &subject, place + 2, edits)
            }
            _ => match self.headline(part, place) {
                TitlePart::Nothing => match self.fault_verb(part, place) {
                    TitlePart::Nothing => self.faulty_object(part, place),
                    found => found,
                },
                found => found,
            },
        }
    }

    fn deny(
        &self,
        part: &Range<usize>,
        subject: &Range<usize>,
        from: usize,
        edits: Vec<Edit>,
    ) -> TitlePart {
        match self.is_subject(subject) {
            true => self.turn(part, subject, from, false, edits).into(),
            false => TitlePart::Unsure,
        }
    }

    /// "does not", "do not": by a verb's form, or by the subject.
    fn does_not(&self, subject: &Range<usize>, is_third: bool) -> &'static str {
        match !is_third && self.is_plural(subject) {
            true => "do not",
            false => "does not",
        }
    }

    /// "App crashes", "Rows crash if", "Test failed".
    fn fault_verb(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let subject = part.start..place;
        let forms = self.language.fault_verbs(self.word(place));
        let Some((form, plain)) = forms.first() else {
            return TitlePart::Nothing;
        };
        let before = self.word(place.saturating_sub(1));
        let acts = ["app", "application", "server", "compiler"].contains(&before);
        let noun = self.language.fault_leads.contains(before) && !acts
            || self.language.determiners.contains(before)
            || self.language.bad_data.contains(before)
            || before == "missing"
            || [
                "multiple", "recent", "some", "many", "several", "new", "to", "no", "of", "in",
                "on", "with", "for", "by", "from",
            ]
            .contains(&before)
            || !self.language.verbs(before).is_empty() && *form != Form::Third;
        let next = place + 1;
        let ends = self.may_end(next, part);
        let adverb =
            self.word(next).ends_with("ly") && !self.language.frequency.contains(self.word(next));
        // "fails with": which failure; "fails on": it succeeds; "fails build": who knows.
        let (is_third, takes_object) = match form {
            Form::Third => (true, plain != "fail"),
            Form::Plain
                if matches!(
                    plain.as_str(),
                    "cause" | "prevent" | "ignore" | "throw" | "lose"
                ) =>
            {
                (false, true)
            }
            _ => (false, false),
        };
        if self.word(next) == "caused" || noun && subject.len() == 1 || noun && *form != Form::Third
        {
            return TitlePart::Unsure;
        }
        if adverb || !ends && !takes_object {
            // A noun with another behind it: "crash report".
            return match form {
                Form::Third => TitlePart::Unsure,
                _ => TitlePart::Nothing,
            };
        }
        // "An error thrown by the parser" is passive.
        if *form == Form::Participle && TRANSITIVE.contains(&plain.as_str()) {
            let be = if self.is_plural(&subject) {
                "are"
            } else {
                "is"
            };
            return match plain.as_str() {
                "cause" => TitlePart::Unsure,
                _ => self.deny(
                    part,
                    &subject,
                    next,
                    vec![(place..place, format!("{be} not "))],
                ),
            };
        }
        // "string conversions cause": many, whatever stands before them.
        let last = subject.end.saturating_sub(1)..subject.end;
        let denied = match takes_object && !is_third && self.is_plural(&last) {
            true => "do not",
            false => self.does_not(&subject, is_third),
        };
        let with = matches!(self.word(next), "with" | "to" | "by");
        let said = match (plain.as_str(), denied, with) {
            ("fail", "does not", false) => "succeeds".to_owned(),
            ("fail", _, false) => "succeed".to_owned(),
            _ => format!("{denied} {plain}"),
        };
        self.deny(part, &subject, next, vec![(place..next, said)])
    }

    /// "is broken", "is crashing", "is displayed incorrectly", "is still shown".
    fn faulty_state(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let subject = part.start..place;
        let be = match self.word(place) {
            "was" => "is",
            "were" => "are",
            be => be,
        };
        let mut at = place + 1;
        while self.language.frequency.contains(self.word(at))
            || matches!(self.word(at), "completely" | "totally" | "still")
        {
            at += 1;
        }
        let still = (place + 1..at).any(|at| self.word(at) == "still");
        let isnt = |at: usize| vec![(place..at, format!("{be} not"))];
        if let Some((state, length)) = self.fault_state(at, part) {
            let end = at + length;
            let edits = match (state, be) {
                ("broken", "is") => vec![(place..end, "works".to_owned())],
                ("broken", _) => vec![(place..end, "work".to_owned())],
                ("wrong" | "incorrect", _) => vec![(place..end, format!("{be} correct"))],
                _ => isnt(at),
            };
            return self.deny(part, &subject, end, edits);
        }
        let word = self.word(at);
        let failing = self
            .language
            .fault_verbs(word)
            .iter()
            .any(|(form, _)| *form == Form::Ing);
        if failing {
            return self.deny(part, &subject, at + 1, isnt(at));
        }
        let participle =
            self.language.verb(word, Form::Participle).is_some() || word.ends_with("ed");
        let bad_data = subject
            .clone()
            .any(|at| self.language.bad_data.contains(self.word(at)));
        if participle && (still || self.is_too_much(at + 1, part)) {
            return self.deny(part, &subject, at + 1, isnt(at));
        }
        if participle && bad_data && !REFUSALS.contains(&word) {
            return self.deny(part, &subject, at + 1, isnt(at));
        }
        if participle && at + 1 < part.end {
            return self.manner(part, &subject, at + 1);
        }
        TitlePart::Nothing
    }

    /// A state that tells a fault, with nothing behind it that it could belong to.
    fn fault_state(&self, at: usize, part: &Range<usize>) -> Option<(&str, usize)> {
        let length = self.language.fault_states.at(&self.sentence.words, at)?;
        let what = self.word(at) == "missing" && self.is_auxiliary(at - 1);
        let alone = !self.word(at).is_empty() && (what || self.may_end(at + length, part));
        (alone && self.word(at + length) != "of").then(|| (self.word(at), length))
    }

    /// "is displayed incorrectly": "correctly".
    fn manner(&self, part: &Range<usize>, subject: &Range<usize>, from: usize) -> TitlePart {
        let Some(reach) = self.reach(from, part) else {
            return TitlePart::Unsure;
        };
        let found = reach.core.clone().find_map(|at| {
            let right = match self.word(at) {
                "incorrectly" | "wrongly" | "wrong" => "correctly",
                "improperly" => "properly",
                _ => return None,
            };
            self.may_end(at + 1, part).then_some((at, right))
        });
        match found {
            Some((at, right)) => {
                self.deny(part, subject, at + 1, vec![(at..at + 1, right.to_owned())])
            }
            None => TitlePart::Nothing,
        }
    }

    /// "twice", "even though …": what says that something should not have happened.
    fn is_too_much(&self, from: usize, part: &Range<usize>) -> bool {
        let times = |at: usize| match self.word(at) {
            "twice" => true,
            "multiple" | "several" | "many" => self.word(at + 1) == "times",
            _ => self.concession(at).is_some(),
        };
        self.reach(from, part)
            .is_some_and(|reach| (from..reach.until).any(times))
    }

    /// "can be sent with an expired card": "cannot".
    fn faulty_modal(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let subject = part.start..place;
        let next = place + 1;
        let forms = self.language.fault_verbs(self.word(next));
        if let Some((_, plain)) = forms.iter().find(|(form, _)| *form == Form::Plain) {
            let said = format!("{} {plain}", self.does_not(&subject, false));
            return self.deny(part, &subject, next + 1, vec![(place..next + 1, said)]);
        }
        let Some(reach) = self.reach(next, part) else {
            return TitlePart::Unsure;
        };
        let data = |at: usize| {
            self.language.bad_data.contains(self.word(at)) || self.word(at) == "without"
        };
        let bad = subject.clone().any(data) || reach.core.clone().any(data);
        let is_able = self.word(place) == "can";
        if is_able && (bad || self.is_too_much(next, part)) {
            let edits = vec![(place..next, "cannot".to_owned())];
            return self.deny(part, &subject, next, edits);
        }
        TitlePart::Nothing
    }

    /// "shows a wrong date", "returns no rows", "still shows", "fires twice".
    fn faulty_object(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let subject = part.start..place;
        let word = self.word(place);
        let next = place + 1;
        if word == "still" {
            let participle = self.language.verb(self.word(next), Form::Participle);
            if participle.is_some() {
                let be = if self.is_plural(&subject) {
                    "are"
                } else {
                    "is"
                };
                let edits = vec![(place..next, format!("{be} not"))];
                return self.deny(part, &subject, next + 1, edits);
            }
            let Some(plain) = plain_form(self.word(next)) else {
                return TitlePart::Nothing;
            };
            let edits = vec![(place..next + 1, format!("does not {plain}"))];
            return self.deny(part, &subject, next + 1, edits);
        }
        let (plain, is_third) = match word {
            "has" | "gets" => (word.trim_end_matches('s').to_owned(), true),
            "have" | "get" => (word.to_owned(), false),
            _ => match self.language.verb(word, Form::Third) {
                Some(plain) => (plain.to_owned(), true),
                None => match self
                    .is_too_much(next, part)
                    .then(|| plain_form(word))
                    .flatten()
                {
                    Some(plain) => (plain, true),
                    None => return TitlePart::Nothing,
                },
            },
        };
        let plain = if plain == "ha" {
            "have".to_owned()
        } else {
            plain
        };
        if self.word(next) == "no" && !matches!(self.word(next + 1), "longer" | "more" | "way") {
            let said = if self.word(next + 1) == "effect" {
                "an"
            } else {
                ""
            };
            let edits = vec![(next..next + 1, said.to_owned())];
            return match self.is_subject(&subject) {
                true => self.turn(part, &subject, next + 1, true, edits).into(),
                false => TitlePart::Unsure,
            };
        }
        if self.is_bad_object(next, part) || self.is_too_much(next, part) {
            let said = format!("{} {plain}", self.does_not(&subject, is_third));
            return self.deny(part, &subject, next, vec![(place..next, said)]);
        }
        match word {
            "has" | "have" => TitlePart::Unsure,
            _ => self.manner_of_verb(part, &subject, next),
        }
    }

    fn manner_of_verb(
        &self,
        part: &Range<usize>,
        subject: &Range<usize>,
        from: usize,
    ) -> TitlePart {
        match self.language.pronouns.contains(self.word(from)) {
            true => TitlePart::Nothing,
            false => self.manner(part, subject, from),
        }
    }

    /// "a wrong date", "an error when": an object that is a fault.
    fn is_bad_object(&self, from: usize, part: &Range<usize>) -> bool {
        let mut at = from;
        while self.language.determiners.contains(self.word(at)) {
            at += 1;
        }
        let is_data = self.language.bad_data.contains(self.word(at));
        at < part.end && is_data && !self.may_end(at + 1, part) || self.is_error(at, part)
    }

    /// "Property ignored with styles", "Build failing on Linux".
    fn headline(&self, part: &Range<usize>, place: usize) -> TitlePart {
        let subject = part.start..place;
        let many = self.is_plural(&subject);
        let ing = self.language.fault_verbs(self.word(place));
        if let Some((_, plain)) = ing.iter().find(|(form, _)| *form == Form::Ing)
            && self.may_end(place + 1, part)
        {
            let said = format!("{} {plain}", self.does_not(&subject, false));
            return self.deny(part, &subject, place + 1, vec![(place..place + 1, said)]);
        }
        let Some((state, length)) = self.fault_state(place, part) else {
            return TitlePart::Nothing;
        };
        let be = if many { "are" } else { "is" };
        let before = self.word(place - 1);
        let is_fault = self
            .language
            .fault_nouns
            .at(&self.sentence.words, part.start)
            .is_some();
        let belongs =
            self.language.determiners.contains(before) || self.may_end(place - 1, part) || is_fault;
        if belongs {
            return TitlePart::Nothing;
        }
        // "becomes unresponsive"
        let links = [
            "become", "seem", "appear", "look", "get", "go", "remain", "stay", "turn",
        ];
        let plain = plain_form(before).unwrap_or_else(|| before.to_owned());
        if links.contains(&plain.as_str()) {
            let subject = part.start..place - 1;
            let denied = if plain == before {
                "do not"
            } else {
                "does not"
            };
            let edits = vec![(place - 1..place, format!("{denied} {plain}"))];
            return self.deny(part, &subject, place + length, edits);
        }
        if state == "broken" && self.word(place + length) == "by" {
            return TitlePart::Unsure;
        }
        let said = match (state, many) {
            ("broken", false) => "works".to_owned(),
            ("broken", true) => "work".to_owned(),
            // "tinted wrong"
            ("wrong", _)
                if self
                    .language
                    .verb(self.word(place - 1), Form::Participle)
                    .is_some() =>
            {
                "correctly".to_owned()
            }
            ("wrong" | "incorrect", _) => format!("{be} correct"),
            (state, _) => format!("{be} not {state}"),
        };
        let said = match length {
            1 => said,
            // "cut off"
            _ => format!("{be} not {}", self.sentence.slice(&(place..place + length))),
        };
        let edits = vec![(place..place + length, said)];
        self.deny(part, &subject, place + length, edits)
    }
}
