//! The coach: a line for an occasion, from a template file, naming only what is known.
//!
//! The shipped lines stand in `data/coach.toml`, whose head explains the format. A file of the
//! user's own replaces the lists that it has.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use xxhash_rust::xxh3::xxh3_64;

use crate::domain::Personality;
use crate::{Error, Result};

mod facts;
mod template;

pub use facts::{Fact, Facts, Occasion, occasions};
use template::Template;

/// The lines that ship with ATLAS.
const SHIPPED: &str = include_str!("../../data/coach.toml");
/// How many lines a list has at least.
pub const LINES_LEAST: usize = 12;
/// How many lines go by before one is said again.
pub const LINES_BETWEEN: usize = 10;
/// How long a template is at most, in characters.
pub const LINE_LONGEST: usize = 140;

/// Something that the coach says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Names the template; hosts keep the ids of the last [`LINES_BETWEEN`] lines.
    pub id: String,
    /// The words.
    pub text: String,
}

type CoachLists = HashMap<(Personality, Occasion), Vec<Template>>;

/// The coach with its lines.
#[derive(Debug, Clone)]
pub struct Coach {
    /// The lines that ship, read once in a process.
    shipped: &'static CoachLists,
    /// Lists in their place.
    own: CoachLists,
}

impl Coach {
    /// The coach with the lines that ship.
    ///
    /// # Errors
    /// None in a released version: the lines are checked by tests.
    pub fn shipped() -> Result<Self> {
        static LISTS: OnceLock<CoachLists> = OnceLock::new();
        let shipped = match LISTS.get() {
            Some(lists) => lists,
            None => {
                let lists = parse(SHIPPED)?;
                LISTS.get_or_init(|| lists)
            }
        };
        let own = CoachLists::new();
        Ok(Coach { shipped, own })
    }

    fn list(&self, personality: Personality, occasion: Occasion) -> Option<&[Template]> {
        let key = (personality, occasion);
        let list = self.own.get(&key).or_else(|| self.shipped.get(&key));
        list.map(Vec::as_slice)
    }

    /// The coach with lines of the user's own, in the format of `data/coach.toml`. Lists that the
    /// file does not have stay as they ship.
    ///
    /// # Errors
    /// `INVALID_VALUE` naming the line of the file and what is wrong: not TOML, an unknown
    /// personality, occasion or placeholder, a placeholder that the occasion never has, a line
    /// that is empty, repeated or too long, or too few lines.
    ///
    /// ```
    /// use atlas_core::play::coach::Coach;
    /// let error = Coach::with_lines("[coach]\nlevel_up = [\"Level {lvl}!\"]").unwrap_err();
    /// assert_eq!(error.code(), "INVALID_VALUE");
    /// assert!(error.to_string().contains("line 2"));
    /// ```
    pub fn with_lines(toml: &str) -> Result<Self> {
        let mut coach = Self::shipped()?;
        coach.own = parse(toml)?;
        Ok(coach)
    }

    /// A line for an occasion that comes again and again, such as a day or a session with its
    /// number: one after the other, in their order.
    ///
    /// ```
    /// use atlas_core::domain::Personality;
    /// use atlas_core::play::coach::{Coach, Fact, Facts, Occasion};
    /// let coach = Coach::shipped()?;
    /// let facts = Facts::new().number(Fact::OpenTickets, 4);
    /// let on = |day| coach.say_in_turn(Personality::Coach, Occasion::DayOpens, &facts, day);
    /// assert_eq!(on(1), on(1));
    /// assert_ne!(on(1), on(2));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn say_in_turn(
        &self,
        personality: Personality,
        occasion: Occasion,
        facts: &Facts,
        turn: u64,
    ) -> Option<String> {
        let list = self.list(personality, occasion)?;
        let can: Vec<&Template> = list.iter().filter(|line| line.can(facts)).collect();
        let place = usize::try_from(turn % (can.len().max(1) as u64)).ok()?;
        can.get(place)?.text(facts)
    }

    /// A line for the occasion, or none: from [`Personality::Silent`], or where no line can do with
    /// these facts. `recent` are the ids of the lines said before, newest last; none of the last
    /// [`LINES_BETWEEN`] is said again as long as the occasion has what it always has. The same
    /// arguments give the same line; a seed that differs each time, such as the event's id, makes
    /// them vary.
    ///
    /// ```
    /// use atlas_core::domain::Personality;
    /// use atlas_core::play::coach::{Coach, Fact, Facts, Occasion};
    ///
    /// let coach = Coach::shipped()?;
    /// let facts = Facts::new().text(Fact::Ticket, "WRKA-7").number(Fact::Minutes, 25);
    /// let mut recent = Vec::new();
    /// for seed in 0..10 {
    ///     let line = coach
    ///         .say(Personality::Analyst, Occasion::SessionFailed, &facts, &recent, seed)
    ///         .expect("it speaks");
    ///     assert!(!recent.contains(&line.id));
    ///     recent.push(line.id);
    /// }
    /// assert_eq!(coach.say(Personality::Silent, Occasion::SessionFailed, &facts, &[], 1), None);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn say(
        &self,
        personality: Personality,
        occasion: Occasion,
        facts: &Facts,
        recent: &[String],
        seed: u64,
    ) -> Option<Line> {
        let list = self.list(personality, occasion)?;
        let recent = &recent[recent.len().saturating_sub(LINES_BETWEEN)..];
        let can: Vec<&Template> = list.iter().filter(|line| line.can(facts)).collect();
        let said = |line: &Template| recent.iter().rposition(|id| *id == line.id);
        let fresh: Vec<&&Template> = can.iter().filter(|line| said(line).is_none()).collect();
        let line = match fresh.is_empty() {
            false => fresh[fastrand::Rng::with_seed(seed).usize(..fresh.len())],
            true => can.iter().min_by_key(|line| said(line))?,
        };
        Some(Line {
            id: line.id.clone(),
            text: line.text(facts)?,
        })
    }
}

type CoachFile = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Vec<Spanned<String>>>>;

fn parse(toml: &str) -> Result<CoachLists> {
    let line_of = |place: usize| {
        let before = toml.get(..place).unwrap_or_default();
        before.matches('\n').count() + 1
    };
    let wrong = |place: usize, what: &str, expected: String| {
        let value = format!("line {}: {what}", line_of(place));
        Error::invalid("coach lines", value, expected)
    };
    let file: CoachFile = toml::from_str(toml).map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        wrong(
            place,
            error.message(),
            "lists of lines as documented".into(),
        )
    })?;
    let mut lists = CoachLists::new();
    for (personality, occasions) in &file {
        let speaks = Personality::from_name(personality.get_ref());
        let Some(speaks) = speaks.filter(|one| *one != Personality::Silent) else {
            let expected = "one of coach, analyst, hype_man, drill_sergeant";
            let place = personality.span().start;
            return Err(wrong(place, personality.get_ref(), expected.into()));
        };
        for (name, lines) in occasions {
            let Some(occasion) = Occasion::from_name(name.get_ref()) else {
                let known = Occasion::ALL.map(Occasion::as_str).join(", ");
                let place = name.span().start;
                return Err(wrong(place, name.get_ref(), format!("one of {known}")));
            };
            let mut list: Vec<Template> = Vec::with_capacity(lines.len());
            for line in lines {
                let text = line.get_ref();
                let id = format!("{:016x}", xxh3_64(text.as_bytes()));
                let template = Template::parse(id, text, occasion)
                    .and_then(|one| match list.iter().any(|other| other.id == one.id) {
                        true => Err("a line that is not there already".to_owned()),
                        false => Ok(one),
                    })
                    .map_err(|expected| wrong(line.span().start, text, expected))?;
                list.push(template);
            }
            enough(&list, occasion)
                .map_err(|expected| wrong(name.span().start, name.get_ref(), expected))?;
            lists.insert((speaks, occasion), list);
        }
    }
    Ok(lists)
}

/// Whether the list is long enough never to repeat a line within ten, whatever is known.
fn enough(list: &[Template], occasion: Occasion) -> Result<(), String> {
    let (always, _) = occasion.facts();
    let plain = list.iter().filter(|line| line.needs_only(always)).count();
    if list.len() < LINES_LEAST {
        return Err(format!(
            "a list of at least {LINES_LEAST} lines; it has {}",
            list.len()
        ));
    }
    if plain <= LINES_BETWEEN {
        let names: Vec<&str> = always.iter().map(|fact| fact.as_str()).collect();
        return Err(format!(
            "a list of which at least {} lines have no other placeholder than {}; {plain} do",
            LINES_BETWEEN + 1,
            names.join(", ")
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
