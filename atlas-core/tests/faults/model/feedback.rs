//! Calls of feedback, and taking them back.

use atlas_core::domain::{
    Answer, AnswerKind, Feedback, FeedbackPart, FeedbackReceipt, FeedbackTarget, Missed,
    StoredPattern, TestPattern,
};

use super::world::{Call, Item, Row, step};
use super::{Run, agree};

/// No row and no feedback has this number.
const NOBODY: i64 = 77_777;

impl Run {
    pub fn call_feedback(&mut self) {
        match self.random.below(10) {
            0..=6 => self.answer(),
            7 => self.miss_known(),
            _ => self.miss_new(),
        }
    }

    fn host(&mut self) -> Option<String> {
        self.random.maybe(25, &["a", "b", "c"]).map(str::to_owned)
    }

    /// Whether a call with this id was stored; then nothing changes.
    fn is_repeated(&self, host: Option<&str>, receipt: &FeedbackReceipt) -> bool {
        let known = host.and_then(|host| {
            let mut calls = self.world.calls.iter();
            calls.find(|call| call.host.as_deref() == Some(host))
        });
        assert_eq!(receipt.repeated, known.is_some());
        if let Some(known) = known {
            assert_eq!(receipt.feedback_id, known.id);
        }
        known.is_some()
    }

    fn is_known(&self, host: Option<&str>) -> bool {
        let mut calls = self.world.calls.iter();
        host.is_some() && calls.any(|call| call.host.as_deref() == host)
    }

    fn some_feedback(&mut self) -> Feedback {
        let answer = match self.random.below(5) {
            0..=1 => Answer::Accepted,
            2..=3 => Answer::Rejected,
            _ => Answer::Modified {
                steps: vec![step("My own way")],
            },
        };
        let mut said = Feedback::new(answer);
        said.rating = self.random.maybe(35, &[1, 3, 5]);
        let comments = self.random.maybe(30, &["quick", "odd"]);
        said.comments = comments.map(str::to_owned);
        said.actual_minutes = self.random.maybe(40, &[1, 7, 50, 1_440]);
        said.host_id = self.host();
        for part in [
            FeedbackPart::Rating,
            FeedbackPart::Comments,
            FeedbackPart::ActualMinutes,
        ] {
            if self.random.percent(12) {
                said.clear.push(part);
            }
        }
        if self.random.percent(4) {
            said.rating = Some(6);
        }
        said
    }

    fn answer(&mut self) {
        let (said, row) = (self.some_feedback(), *self.random.of(&self.world.rows));
        let (whole, nobody) = (self.random.percent(20), self.random.percent(4));
        let target = match whole {
            true => FeedbackTarget::Prediction(if nobody { NOBODY } else { row.run }),
            false => FeedbackTarget::Scenario(if nobody { NOBODY } else { row.id }),
        };
        self.tell(format!("feedback on {target:?} (of {row:?}): {said:?}"));
        let host = said.host_id.clone();
        let expected = if said.rating == Some(6) {
            Err("INVALID_VALUE")
        } else if self.is_known(host.as_deref()) {
            Ok(())
        } else if nobody {
            Err("PREDICTION_NOT_FOUND")
        } else if whole && said.answer.kind() == AnswerKind::Modified {
            Err("INVALID_VALUE")
        } else {
            Ok(())
        };
        let called = self.atlas().feedback(target, &said);
        let Some(receipt) = agree(called, expected) else {
            return;
        };
        if self.is_repeated(host.as_deref(), &receipt) {
            return;
        }
        let about = |other: &&Row| {
            if whole {
                other.run == row.run
            } else {
                other.id == row.id
            }
        };
        let rows: Vec<Row> = self.world.rows.iter().filter(about).copied().collect();
        let shares: Vec<Option<u32>> = receipt.items.iter().map(|i| i.actual_minutes).collect();
        let sum: u32 = shares.iter().flatten().sum();
        assert_eq!(sum, said.actual_minutes.unwrap_or(0));
        let items = rows.iter().zip(shares);
        let items = items.map(|(row, minutes)| item_of(row, &said, minutes));
        let call = Call {
            id: receipt.feedback_id,
            ticket: row.ticket,
            host,
            items: items.collect(),
        };
        self.world.calls.push(call);
    }

    fn miss_known(&mut self) {
        let (ticket, key) = self.some_ticket();
        let pattern = self.random.of(&self.world.patterns).clone();
        let nobody = self.random.percent(8);
        let missed = match (nobody, &pattern.pattern.key) {
            (true, _) => Missed::pattern("MM-T77"),
            (false, Some(key)) if self.random.percent(50) => Missed::pattern(key.as_str()),
            _ => Missed::pattern(pattern.id),
        };
        let (minutes, host) = (self.random.maybe(50, &[5, 90]), self.host());
        self.tell(format!("missed {key}: {missed:?} {minutes:?} {host:?}"));
        let known = self.is_known(host.as_deref());
        let expected = if nobody && !known {
            Err("PATTERN_NOT_FOUND")
        } else {
            Ok(())
        };
        let called = self.atlas().missed(&key, &missed, minutes, host.as_deref());
        if let Some(receipt) = agree(called, expected)
            && !self.is_repeated(host.as_deref(), &receipt)
        {
            self.was_missed(&receipt, ticket, host, minutes, (pattern.id, false));
        }
    }

    fn miss_new(&mut self) {
        let (ticket, key) = self.some_ticket();
        let name = *self
            .random
            .of(&["Leap day", "Empty file", "Night shift", " "]);
        let kind = *self.random.of(&["Data Export", "General"]);
        let missed = Missed::New {
            name: name.to_owned(),
            steps: vec![step("Set it")],
            pattern_type: Some(kind.to_owned()),
            component: None,
        };
        let (minutes, host) = (self.random.maybe(50, &[5, 90]), self.host());
        self.tell(format!(
            "missed {key}: {name:?} {kind} {minutes:?} {host:?}"
        ));
        let expected = if name == " " {
            Err("INVALID_VALUE")
        } else {
            Ok(())
        };
        let called = self.atlas().missed(&key, &missed, minutes, host.as_deref());
        let Some(receipt) = agree(called, expected) else {
            return;
        };
        if self.is_repeated(host.as_deref(), &receipt) {
            return;
        }
        let known = self.most_used(name, kind);
        let id = known.or(receipt.items[0].pattern_id).unwrap();
        if known.is_none() {
            let mut pattern = TestPattern::new(name, kind);
            pattern.steps = vec![step("Set it")];
            self.world.patterns.push(StoredPattern { id, pattern });
        }
        self.was_missed(&receipt, ticket, host, minutes, (id, known.is_none()));
    }

    /// The active pattern of a name and type that is used the most.
    fn most_used(&self, name: &str, kind: &str) -> Option<i64> {
        let patterns = self.world.patterns.iter();
        let patterns = patterns.map(|known| self.world.with_numbers(known));
        let alike = patterns.filter(|known| {
            let pattern = &known.pattern;
            let same = pattern.name == name && pattern.pattern_type == kind;
            same && pattern.is_active && pattern.component.is_none()
        });
        let best = alike.min_by_key(|k| (std::cmp::Reverse(k.pattern.frequency), k.id));
        best.map(|known| known.id)
    }

    fn was_missed(
        &mut self,
        receipt: &FeedbackReceipt,
        ticket: usize,
        host: Option<String>,
        minutes: Option<u32>,
        (pattern, made): (i64, bool),
    ) {
        let item = Item {
            row: None,
            pattern: Some(pattern),
            answer: AnswerKind::Missed,
            rating: None,
            comments: None,
            minutes,
            made,
        };
        self.world.calls.push(Call {
            id: receipt.feedback_id,
            ticket,
            host,
            items: vec![item],
        });
    }

    pub fn call_undo(&mut self) {
        let ids: Vec<i64> = self.world.calls.iter().map(|call| call.id).collect();
        let nobody = ids.is_empty() || self.random.percent(5);
        let id = if nobody {
            NOBODY
        } else {
            *self.random.of(&ids)
        };
        self.tell(format!("undo {id}"));
        let expected = if nobody {
            Err("FEEDBACK_NOT_FOUND")
        } else {
            Ok(())
        };
        if let Some(undone) = agree(self.atlas().undo(id), expected) {
            let before = self.world.patterns.len();
            self.world.undo(id);
            let gone = before - self.world.patterns.len();
            assert_eq!(undone.removed_patterns, gone as u64);
            assert_eq!(undone.feedback.feedback_id, id);
        }
    }

    pub fn call_forget(&mut self) {
        let (ticket, key) = self.some_ticket();
        self.tell(format!("forget {key}"));
        let forgotten = self.atlas().tickets().forget(&key).unwrap();
        let before = (self.world.calls.len(), self.world.observations().len());
        self.world.forget(ticket);
        assert_eq!(
            forgotten.feedback as usize,
            before.0 - self.world.calls.len()
        );
        let gone = before.1 - self.world.observations().len();
        assert_eq!(forgotten.observations as usize, gone);
    }
}

fn item_of(row: &Row, said: &Feedback, minutes: Option<u32>) -> Item {
    let clears = |part| said.clear.contains(&part);
    let cleared = clears(FeedbackPart::Comments).then(String::new);
    Item {
        row: Some(row.id),
        pattern: row.pattern,
        answer: said.answer.kind(),
        rating: said.rating.or(clears(FeedbackPart::Rating).then_some(0)),
        comments: said.comments.clone().or(cleared),
        minutes: minutes.or(clears(FeedbackPart::ActualMinutes).then_some(0)),
        made: false,
    }
}
