//! Calls on patterns and tickets, and imports.

use std::fs;

use atlas_core::domain::{StoredPattern, TestPattern, silent};

use super::super::place::ticket;
use super::world::{Observed, step};
use super::{Run, agree};

const NAMES: [&str; 4] = ["Leap day", "Empty file", "Sorted list", "Two windows"];
const KINDS: [&str; 2] = ["Data Export", "General"];

impl Run {
    pub fn call_library(&mut self) {
        match self.random.below(14) {
            0..=1 => self.add_pattern(),
            2..=3 => self.rename_pattern(),
            4..=5 => self.update_pattern(),
            6..=8 => self.retire_or_reactivate(),
            9 => self.merge(),
            10..=11 => self.import_minutes(),
            _ => self.import_history(),
        }
    }

    fn some_pattern(&mut self) -> (i64, String) {
        let pattern = self.random.of(&self.world.patterns);
        (pattern.id, pattern.id.to_string())
    }

    fn add_pattern(&mut self) {
        let (name, kind) = (*self.random.of(&NAMES), *self.random.of(&KINDS));
        self.tell(format!("add pattern {name} {kind}"));
        let mut pattern = TestPattern::new(name, kind);
        pattern.steps = vec![step("Look at it")];
        pattern.avg_time_minutes = self.random.maybe(50, &[12]);
        let there = self.world.patterns.iter().any(|known| {
            let known = &known.pattern;
            known.key.is_none() && known.name == name && known.pattern_type == kind
        });
        let expected = if there { Err("INVALID_VALUE") } else { Ok(()) };
        if let Some(added) = agree(self.atlas().patterns().add(&pattern), expected) {
            let id = added.id;
            self.world.patterns.push(StoredPattern { id, pattern });
        }
    }

    fn rename_pattern(&mut self) {
        let (id, text) = self.some_pattern();
        let name = self.random.maybe(90, &NAMES).unwrap_or(" ");
        self.tell(format!("rename pattern {id}: {name:?}"));
        let expected = if name == " " {
            Err("INVALID_VALUE")
        } else {
            Ok(())
        };
        if agree(self.atlas().patterns().rename(&text, name), expected).is_some() {
            self.world.pattern(id).pattern.name = name.to_owned();
        }
    }

    /// As a page does it: what is shown is changed and stored.
    fn update_pattern(&mut self) {
        let (id, text) = self.some_pattern();
        let mut pattern = self.atlas().patterns().get(&text).unwrap().pattern;
        pattern.steps = vec![step(["Open it", "Close it"][self.random.below(2)])];
        let minutes = self.random.maybe(30, &[33]);
        pattern.avg_time_minutes = minutes.or(pattern.avg_time_minutes);
        self.tell(format!("update pattern {id}: {minutes:?}"));
        let shown = self.world.pattern(id).clone();
        let shown = self.world.with_numbers(&shown).pattern.avg_time_minutes;
        agree(self.atlas().patterns().update(id, &pattern), Ok(()));
        let known = &mut self.world.pattern(id).pattern;
        known.steps = pattern.steps;
        if minutes.is_some() && minutes != shown {
            known.avg_time_minutes = minutes;
        }
    }

    fn retire_or_reactivate(&mut self) {
        let (id, text) = self.some_pattern();
        let active = self.random.percent(50);
        self.tell(format!("pattern {id} active: {active}"));
        let called = match active {
            true => self.atlas().patterns().reactivate(&text),
            false => self.atlas().patterns().retire(&text),
        };
        agree(called, Ok(()));
        self.world.pattern(id).pattern.is_active = active;
    }

    fn merge(&mut self) {
        let ((keep, kept), (drop, dropped)) = (self.some_pattern(), self.some_pattern());
        self.tell(format!("merge {drop} into {keep}"));
        let wrong = keep == drop || !self.world.pattern(keep).pattern.is_active;
        let expected = if wrong { Err("INVALID_VALUE") } else { Ok(()) };
        if agree(self.atlas().patterns().merge(&kept, &dropped), expected).is_some() {
            self.world.pattern(drop).pattern.is_active = false;
        }
    }

    fn write(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// A library that says of a pattern how long it takes, or nothing any more.
    fn import_minutes(&mut self) {
        let keyed = self
            .world
            .patterns
            .iter()
            .filter(|p| p.pattern.key.is_some());
        let keyed: Vec<StoredPattern> = keyed.cloned().collect();
        let StoredPattern { id, pattern } = self.random.of(&keyed).clone();
        let minutes = self.random.maybe(70, &[8u32, 21]);
        let said = minutes.map_or(String::new(), |minutes| minutes.to_string());
        let (key, kind) = (pattern.key.unwrap_or_default(), pattern.pattern_type);
        let file = format!(
            "key,name,type,minutes\n{key},{},{kind},{said}\n",
            pattern.name
        );
        self.tell(format!("import patterns: {file:?}"));
        let path = self.write("patterns.csv", &file);
        let report = self
            .atlas()
            .patterns()
            .import_file(path, &mut silent)
            .unwrap();
        assert_eq!(report.skipped_count, 0, "{report:?}");
        self.world.pattern(id).pattern.avg_time_minutes = minutes;
    }

    fn import_history(&mut self) {
        let (place, key) = self.some_ticket();
        let number = self.random.below(4);
        let right = self.random.percent(60);
        let minutes = self.random.maybe(50, &[6u32, 44]);
        let said = minutes.map_or(String::new(), |minutes| minutes.to_string());
        let verdict = if right { "right" } else { "wrong" };
        let pattern = self.world.patterns[number].clone();
        let named = pattern.pattern.key.unwrap_or_default();
        let file =
            format!("ticket_key,pattern_key,verdict,minutes\n{key},{named},{verdict},{said}\n");
        self.tell(format!("import history: {file:?}"));
        let path = self.write("history.csv", &file);
        let report = self
            .atlas()
            .learning()
            .import_history(path, &mut silent)
            .unwrap();
        let known = |o: &Observed| o.history && o.ticket == place && o.pattern == pattern.id;
        let new = !self.world.observed.iter().any(known);
        assert_eq!(report.new, u64::from(new), "{report:?}");
        if new {
            self.world.observed.push(Observed {
                ticket: place,
                pattern: pattern.id,
                right,
                minutes,
                history: true,
            });
        }
    }

    pub fn call_tickets(&mut self) {
        let number = self.random.below(8) + 1;
        let summary = *self.random.of(&["Export is empty", "Dates are gone"]);
        let status = *self.random.of(&["Open", "Done", ""]);
        let mut new = ticket(number, summary);
        status.clone_into(&mut new.status);
        if self.random.percent(40) {
            self.tell(format!("add ticket {number}: {summary:?} {status:?}"));
            self.atlas()
                .tickets()
                .add(std::slice::from_ref(&new))
                .unwrap();
            match self.world.tickets.iter_mut().find(|t| t.key == new.key) {
                Some(known) => *known = new,
                None => self.world.tickets.push(new),
            }
            return;
        }
        let text = self.random.maybe(50, &["It is long.", ""]);
        let file = match text {
            Some(text) => format!("key,summary,description\nWRKA-{number},{summary},{text}\n"),
            None => format!("key,summary,status\nWRKA-{number},{summary},{status}\n"),
        };
        self.tell(format!("import tickets: {file:?}"));
        let path = self.write("tickets.csv", &file);
        self.atlas()
            .tickets()
            .import_file(path, &mut silent)
            .unwrap();
        let mut tickets = self.world.tickets.iter_mut();
        let known = match tickets.find(|known| known.key == new.key) {
            Some(known) => known,
            None => {
                self.world.tickets.push(ticket(number, summary));
                self.world.tickets.last_mut().unwrap()
            }
        };
        summary.clone_into(&mut known.summary);
        match text {
            Some(text) => known.description = (!text.is_empty()).then(|| text.to_owned()),
            None => status.clone_into(&mut known.status),
        }
    }
}
