//! How long patterns took, and what their length is.

use super::{Repositories, columns};
use crate::Result;
use crate::domain::{PatternOrigin, Priority};

/// How long a pattern took once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// The pattern's row id.
    pub pattern_id: i64,
    /// Minutes, above 0.
    pub minutes: u32,
    /// The ticket's priority.
    pub priority: Priority,
}

/// What a pattern says of its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternTiming {
    /// The row id.
    pub id: i64,
    /// Its component.
    pub component: Option<String>,
    /// The average that it came with, before anything was observed of it.
    pub average: Option<u32>,
    /// Where it came from.
    pub origin: PatternOrigin,
}

/// How long a pattern's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepCount {
    /// The pattern's row id.
    pub id: i64,
    /// How many steps it has.
    pub steps: usize,
    /// How many words its steps have.
    pub words: usize,
}

/// Times of patterns.
#[derive(Debug)]
pub struct Timings<'r>(pub(super) &'r Repositories<'r>);

impl Timings<'_> {
    /// Every observation that says how long it took, in the order in which they were stored.
    ///
    /// # Errors
    /// Storage errors.
    pub fn observed(&self) -> Result<Vec<Timing>> {
        let mut timings = Vec::new();
        let sql = "SELECT o.pattern_id, o.minutes, t.priority FROM atlas_observations o
                   JOIN jira_tickets t ON t.id = o.ticket_id
                   WHERE o.minutes > 0 ORDER BY o.id";
        self.0.each(sql, [], |row| {
            timings.push(Timing {
                pattern_id: row.get(0)?,
                minutes: columns::count(row, 1).unwrap_or(u32::MAX),
                priority: Priority::of(columns::text(row, 2).as_deref()),
            });
            Ok(())
        })?;
        Ok(timings)
    }

    /// Every pattern, by id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn patterns(&self) -> Result<Vec<PatternTiming>> {
        let mut patterns = Vec::new();
        let sql = "SELECT p.id, p.component,
                       CASE WHEN b.pattern_id IS NOT NULL THEN b.avg_time_minutes
                            WHEN EXISTS (SELECT 1 FROM atlas_observations o
                                         WHERE o.pattern_id = p.id AND o.minutes IS NOT NULL)
                            THEN NULL  -- observations made it
                            ELSE p.avg_time_minutes END,
                       d.origin
                   FROM test_patterns p
                   LEFT JOIN atlas_pattern_base b ON b.pattern_id = p.id
                   LEFT JOIN atlas_pattern_details d ON d.pattern_id = p.id
                   ORDER BY p.id";
        self.0.each(sql, [], |row| {
            patterns.push(PatternTiming {
                id: row.get(0)?,
                component: columns::text(row, 1),
                average: columns::count(row, 2),
                origin: PatternOrigin::from_name(&columns::text(row, 3).unwrap_or_default()),
            });
            Ok(())
        })?;
        Ok(patterns)
    }

    /// How long every pattern's text is, by id.
    ///
    /// # Errors
    /// Storage errors.
    pub fn step_counts(&self) -> Result<Vec<StepCount>> {
        let mut counts = Vec::new();
        let sql = "SELECT id, test_steps FROM test_patterns ORDER BY id";
        self.0.each(sql, [], |row| {
            let steps = columns::steps(row, 1);
            let words = |text: &str| text.split_whitespace().count();
            let words_of = |step: &crate::domain::Step| {
                let rest = [&step.expected, &step.data];
                let rest = rest.into_iter().flatten().map(|text| words(text));
                words(&step.action) + rest.sum::<usize>()
            };
            counts.push(StepCount {
                id: row.get(0)?,
                steps: steps.len(),
                words: steps.iter().map(words_of).sum(),
            });
            Ok(())
        })?;
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketFields;
    use crate::domain::{
        Observation, ObservationOrigin, Step, TestPattern, Ticket, TicketKey, Verdict,
    };
    use crate::store::Store;

    fn filled() -> Result<(Store, i64, i64)> {
        let store = Store::open_in_memory()?;
        let (measured, other) = store.write(|stored| {
            let mut pattern = TestPattern::new("Export", "Data Export");
            pattern.avg_time_minutes = Some(30);
            pattern.component = Some("Billing".to_owned());
            pattern.steps = vec![
                Step::new("Open the page", "It opens"),
                Step::new("Export", ""),
            ];
            let (measured, _) = stored.patterns().upsert(&pattern)?;
            let (other, _) = stored
                .patterns()
                .upsert(&TestPattern::new("Print", "Printing"))?;
            let mut ticket = Ticket::new(TicketKey::parse("WRKA-1")?, "Export fails");
            ticket.priority = Some("Blocker".to_owned());
            let (ticket_id, _) = stored.tickets().upsert(&ticket, TicketFields::ALL)?;
            for minutes in [Some(50), None, Some(0)] {
                let observation = Observation {
                    ticket_id,
                    pattern_id: measured,
                    verdict: Verdict::Right,
                    origin: ObservationOrigin::Feedback,
                    observed_at: None,
                    minutes,
                };
                stored.observations().add(&observation, None)?;
            }
            Ok((measured, other))
        })?;
        Ok((store, measured, other))
    }

    #[test]
    fn measured_times_come_with_the_tickets_priority() {
        let (store, measured, _) = filled().unwrap();
        let timings = store.read(|stored| stored.timings().observed()).unwrap();
        let expected = Timing {
            pattern_id: measured,
            minutes: 50,
            priority: Priority::High,
        };
        assert_eq!(timings, [expected]);
    }

    #[test]
    fn an_average_that_observations_made_is_not_what_the_pattern_came_with() {
        let (store, measured, other) = filled().unwrap();
        let base = |average: Option<u32>| {
            store.write(|stored| {
                let sql = "INSERT OR REPLACE INTO atlas_pattern_base
                               (pattern_id, avg_time_minutes) VALUES (?1, ?2)";
                stored.execute(sql, (measured, average))?;
                stored.timings().patterns()
            })
        };
        let patterns = base(Some(30)).unwrap();
        assert_eq!((patterns[0].id, patterns[1].id), (measured, other));
        assert_eq!(patterns[0].average, Some(30));
        assert_eq!(patterns[0].component.as_deref(), Some("Billing"));
        assert_eq!(patterns[0].origin, PatternOrigin::User);
        assert_eq!(base(None).unwrap()[0].average, None);
        assert_eq!(patterns[1].average, None);
    }

    #[test]
    fn steps_and_words_are_counted() {
        let (store, ..) = filled().unwrap();
        let counts = store.read(|stored| stored.timings().step_counts()).unwrap();
        let lengths: Vec<_> = counts.iter().map(|c| (c.steps, c.words)).collect();
        assert_eq!(lengths, [(2, 6), (0, 0)]);
    }
}
