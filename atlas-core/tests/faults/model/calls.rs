//! The next call, chosen at random, and what it does to the model: notes, memory, the profile.

use atlas_core::domain::{MemoryEntry, Personality, ProfileChange, UserSettings, silent};

use super::world::Row;
use super::{Run, agree};

impl Run {
    /// One call, done to the database and to the model.
    pub fn call(&mut self) {
        match self.random.below(100) {
            0..=19 => self.call_feedback(),
            20..=30 => self.call_undo(),
            31..=34 => self.call_predict(),
            35..=52 => self.call_session(),
            53..=54 => self.back_up(),
            55 => self.restore(),
            56..=68 => self.call_library(),
            69..=73 => self.call_tickets(),
            74..=82 => self.call_notes(),
            83..=86 => self.call_apart(),
            87..=88 => self.call_memory(),
            89..=91 => self.call_profile(),
            92..=93 => self.call_settings(),
            94 => self.call_forget(),
            95 => {
                self.tell("rebuild progress".to_owned());
                let standing = self.atlas().play().standing().unwrap();
                assert_eq!(self.atlas().play().rebuild().unwrap().standing, standing);
            }
            96 => {
                self.tell("retrain".to_owned());
                self.atlas().learning().retrain(&mut silent).unwrap();
            }
            97 => self.move_out(),
            _ => self.reopen(),
        }
    }

    /// New scenarios to speak of.
    fn call_predict(&mut self) {
        let (ticket, key) = self.some_ticket();
        self.tell(format!("predict {key}"));
        let prediction = self.atlas().predict(&key, 3).unwrap();
        for scenario in &prediction.scenarios {
            let id = scenario.prediction_id.unwrap();
            if let Some(pattern) = scenario.pattern_id {
                assert!(self.world.pattern(pattern).pattern.is_active);
            }
            if !self.world.rows.iter().any(|row| row.id == id) {
                self.world.rows.push(Row {
                    id,
                    run: prediction.id.unwrap(),
                    ticket,
                    pattern: scenario.pattern_id,
                    steps: scenario.steps.len() as u32,
                });
            }
        }
        let latest = self.atlas().predictions().latest(&key).unwrap();
        assert_eq!(latest, Some(prediction));
    }

    /// A ticket's place, and its key in capitals or not.
    pub fn some_ticket(&mut self) -> (usize, String) {
        let place = self.random.below(self.world.tickets.len());
        let key = self.world.tickets[place].key.to_string();
        match self.random.percent(10) {
            true => (place, key.to_lowercase()),
            false => (place, key),
        }
    }

    fn call_notes(&mut self) {
        let (place, key) = self.some_ticket();
        let (note, difficulty) = self.world.notes.remove(&place).unwrap_or_default();
        let said = match self.random.below(8) {
            0 => {
                self.tell(format!("clear note {key}"));
                let cleared = self.atlas().tickets().clear_note(&key).unwrap();
                assert_eq!(cleared, note.is_some() || difficulty.is_some());
                (None, None)
            }
            1..=4 => {
                let text = self.random.maybe(80, &["hard", "ask Kay", " "]);
                self.tell(format!("note {key}: {text:?}"));
                let blank = text.is_some_and(|text| text.trim().is_empty());
                let expected = if blank { Err("INVALID_VALUE") } else { Ok(()) };
                agree(self.atlas().tickets().set_note(&key, text), expected);
                let text = text.map(str::to_owned);
                (if blank { note } else { text }, difficulty)
            }
            _ => {
                let rating = self.random.maybe(80, &[1, 5, 6]);
                self.tell(format!("difficulty {key}: {rating:?}"));
                let high = rating == Some(6);
                let expected = if high { Err("INVALID_VALUE") } else { Ok(()) };
                agree(
                    self.atlas().tickets().set_difficulty(&key, rating),
                    expected,
                );
                (note, if high { difficulty } else { rating })
            }
        };
        if said != (None, None) {
            self.world.notes.insert(place, said);
        }
    }

    fn call_apart(&mut self) {
        let ((one, key), (two, other)) = (self.some_ticket(), self.some_ticket());
        let pair = (one.min(two), one.max(two));
        let mark = self.random.percent(65);
        self.tell(format!("{key} and {other} not similar: {mark}"));
        let expected = if one == two {
            Err("INVALID_VALUE")
        } else {
            Ok(())
        };
        let called = match mark {
            true => self.atlas().tickets().mark_not_similar(&key, &other),
            false => self.atlas().tickets().unmark_not_similar(&key, &other),
        };
        if let Some(changed) = agree(called, expected) {
            let known = match mark {
                true => self.world.apart.insert(pair),
                false => self.world.apart.remove(&pair),
            };
            assert_eq!(changed, known);
        }
    }

    fn call_memory(&mut self) {
        let key = self.random.of(&["k", "WRKA-1/end"]).to_string();
        let of = ("context".to_owned(), key.clone());
        if self.random.percent(35) {
            self.tell(format!("forget {key}"));
            let gone = self.atlas().memory().delete("context", &key).unwrap();
            assert_eq!(gone, self.world.memory.remove(&of).is_some());
        } else {
            let value = *self.random.of(&["dates of forms", "{\"a\": 1}"]);
            self.tell(format!("remember {key}: {value}"));
            let entry = MemoryEntry::text("context", &key, value);
            self.atlas().memory().put(&entry).unwrap();
            self.world.memory.insert(of, value.to_owned());
        }
    }

    fn call_profile(&mut self) {
        let word = |word: Option<&str>| word.map(str::to_owned);
        let change = ProfileChange {
            username: word(self.random.maybe(50, &["kayla", "Jo", " "])),
            email: word(self.random.maybe(50, &["k@example.com", "", "nobody"])),
            coach_personality: self.random.maybe(50, &Personality::ALL),
            theme: None,
        };
        self.tell(format!("{change:?}"));
        let mut profile = self.world.profile.clone();
        let wrong =
            change.username.as_deref() == Some(" ") || change.email.as_deref() == Some("nobody");
        let expected = if wrong { Err("INVALID_VALUE") } else { Ok(()) };
        if agree(self.atlas().profile().update(&change), expected).is_some() {
            profile.username = change.username.unwrap_or(profile.username);
            if let Some(email) = change.email {
                profile.email = (!email.is_empty()).then_some(email);
            }
            let personality = change.coach_personality;
            profile.coach_personality = personality.unwrap_or(profile.coach_personality);
            self.world.profile = profile;
        }
    }

    fn call_settings(&mut self) {
        let zone = self
            .random
            .maybe(60, &["Europe/Berlin", "Pacific/Apia", "Nowhere"]);
        let settings = UserSettings {
            day_start: *self.random.of(&[0, 4, 23, 24]),
            time_zone: zone.map(str::to_owned),
            ..UserSettings::default()
        };
        self.tell(format!("{settings:?}"));
        let wrong = settings.day_start > 23 || zone == Some("Nowhere");
        let expected = if wrong { Err("INVALID_VALUE") } else { Ok(()) };
        if agree(self.atlas().profile().set_settings(&settings), expected).is_some() {
            self.world.settings = settings;
        }
    }
}
