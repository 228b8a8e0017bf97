//! What a session's start and end count for.

use jiff::civil::Date;

use super::{Begun, Component, Gains, Tally, insert};
use crate::domain::{Event, Outcome, PlannedScenario, folded_name};
use crate::play::achievements::Measure;
use crate::play::session::Course;
use crate::play::xp::SessionXp;

impl Tally {
    pub(super) fn begin(
        &mut self,
        event: &Event,
        ticket_id: i64,
        components: &[String],
        plan: &[PlannedScenario],
    ) {
        let Some(id) = event.session_id.filter(|_| self.courses.begin(event)) else {
            return;
        };
        let mut places: Vec<usize> = components.iter().map(|c| self.component(c)).collect();
        places.sort_unstable();
        places.dedup();
        let minutes = plan.iter().try_fold(0_u32, |sum, scenario| {
            sum.checked_add(scenario.estimated_minutes?)
        });
        let begun = Begun {
            ticket_id,
            components: places,
            plan: plan.iter().map(|s| (s.steps, s.pattern_id)).collect(),
            minutes: minutes.filter(|minutes| *minutes > 0),
        };
        self.begun.insert(id, begun);
    }

    fn component(&mut self, name: &str) -> usize {
        let name = folded_name(name);
        if let Some(place) = self.component_names.get(&name) {
            return *place;
        }
        let place = self.components.len();
        self.component_names.insert(name, place);
        self.components.push(Component {
            sessions: 0,
            last: None,
        });
        place
    }

    /// Counts a session that was completed.
    pub(super) fn complete(
        &mut self,
        event: &Event,
        course: &Course,
        gains: &mut Gains,
    ) -> Option<SessionXp> {
        let begun = self.begun.remove(&event.session_id?)?;
        let xp = course.xp()?;
        let (moment, steps, seconds) = (&event.moment, course.steps(), course.work_seconds());
        self.award(moment.day, xp.total());
        gains.first_of_day = self.streak.add(moment);
        self.seconds += seconds;
        let new_ticket = self.tickets.insert(begun.ticket_id);
        let (met, accurate) = self.plan(&begun, course);
        self.touch(&begun.components, moment.day);

        let day = self.day(moment.day);
        day.sessions += 1;
        if let Some(outcome) = course.outcome {
            day.outcomes[outcome as usize] += 1;
        }
        day.steps += steps;
        day.seconds += seconds;
        day.estimates_met += u32::from(met);
        day.components.extend(&begun.components);
        insert(&mut day.tickets, begun.ticket_id);

        let found = course.outcome == Some(Outcome::Failed);
        let hours = u32::try_from(self.seconds / 3_600).unwrap_or(u32::MAX);
        self.counts.add(Measure::Sessions, 1);
        self.counts.add(Measure::Steps, steps);
        self.counts.add(Measure::Tickets, u32::from(new_ticket));
        self.counts.add(Measure::Defects, u32::from(found));
        self.counts
            .add(Measure::AccurateEstimates, u32::from(accurate));
        self.counts.raise(Measure::Hours, hours);
        self.counts.raise(Measure::Streak, self.streak.longest());
        Some(xp)
    }

    /// Counts what was done of the plan. Returns whether all of it was done within its minutes,
    /// and whether within 10 % of them.
    fn plan(&mut self, begun: &Begun, course: &Course) -> (bool, bool) {
        let mut first = 1_u32;
        let mut all = !begun.plan.is_empty();
        for (steps, pattern_id) in &begun.plan {
            let next = first.saturating_add(*steps);
            let is_done = |step| course.steps_done.binary_search(&step).is_ok();
            let done = (first..next).all(is_done);
            let skipped = !(first..next).any(is_done) && course.outcome != Some(Outcome::Blocked);
            first = next;
            all &= done;
            let (Some(id), 1..) = (*pattern_id, *steps) else {
                continue;
            };
            if skipped {
                self.skipped.insert((begun.ticket_id, id));
            }
            if done {
                self.skipped.remove(&(begun.ticket_id, id));
                let sessions = self.patterns.entry(id).or_default();
                *sessions += 1;
                self.counts.raise(Measure::PatternSessions, *sessions);
            }
        }
        if !all || first == 1 {
            return (false, false);
        }
        self.counts.add(Measure::FullPlans, 1);
        begun.minutes.map_or((false, false), |minutes| {
            let (took, planned) = (course.work_seconds(), i64::from(minutes) * 60);
            (took <= planned, (took - planned).abs() * 10 <= planned)
        })
    }

    /// Counts a session for its components.
    fn touch(&mut self, components: &[usize], day: Date) {
        for place in components {
            let component = &mut self.components[*place];
            component.sessions += 1;
            component.last = component.last.max(Some(day));
            let sessions = component.sessions;
            self.counts
                .add(Measure::Components, u32::from(sessions == 1));
            self.counts.raise(Measure::ComponentSessions, sessions);
        }
    }
}
