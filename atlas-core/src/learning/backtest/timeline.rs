//! How a backtest went over time, as a sliding window.

use serde::{Deserialize, Serialize};

/// Windows in a timeline at most; beyond it they are thinned out evenly.
const MOST_POINTS: usize = 120;
/// The part of all tickets that a window holds,
const PART: usize = 8;
/// but at least and at most so many.
const WINDOW: (usize, usize) = (10, 100);

/// Hit rates of a window that slides over the scored tickets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// How many tickets a point looks back on.
    pub window: usize,
    /// Oldest first; none where there are fewer than two windows of tickets.
    pub points: Vec<TimelinePoint>,
}

/// One position of the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimelinePoint {
    /// The newest ticket in the window.
    pub ticket: String,
    /// How many tickets were scored by then, this one included.
    pub tickets: usize,
    /// Share of the window's tickets with a right scenario among ATLAS's first ten.
    pub hit_10: f64,
    /// The same share of the most frequent scenarios.
    pub frequency_hit_10: f64,
}

/// A ticket, and whether ATLAS and the most frequent scenarios held a right one among ten.
pub(super) type ScoredTicket = (String, bool, bool);

impl Timeline {
    /// Slides over tickets in order of time.
    pub(super) fn of(tickets: &[ScoredTicket]) -> Self {
        let window = (tickets.len() / PART).clamp(WINDOW.0, WINDOW.1);
        if tickets.len() < 2 * window {
            return Timeline::default();
        }
        let step = (tickets.len() - window).div_ceil(MOST_POINTS - 1).max(1);
        // Backwards, so that the newest ticket is in the last window.
        let mut ends: Vec<usize> = (window..=tickets.len()).rev().step_by(step).collect();
        ends.reverse();
        let point = |end: usize| {
            let within = &tickets[end - window..end];
            let share = |hit: &dyn Fn(&ScoredTicket) -> bool| {
                within.iter().filter(|ticket| hit(ticket)).count() as f64 / window as f64
            };
            TimelinePoint {
                ticket: tickets[end - 1].0.clone(),
                tickets: end,
                hit_10: share(&|ticket| ticket.1),
                frequency_hit_10: share(&|ticket| ticket.2),
            }
        };
        Timeline {
            window,
            points: ends.into_iter().map(point).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets(count: usize) -> Vec<ScoredTicket> {
        let ticket = |n: usize| (format!("SHOP-{n}"), n > count / 2, n.is_multiple_of(2));
        (1..=count).map(ticket).collect()
    }

    #[test]
    fn the_window_follows_a_change_and_ends_with_the_newest() {
        let timeline = Timeline::of(&tickets(80));
        assert_eq!((timeline.window, timeline.points.len()), (10, 71));
        let (first, last) = (&timeline.points[0], &timeline.points[70]);
        assert_eq!((first.tickets, first.hit_10), (10, 0.0));
        assert_eq!((last.ticket.as_str(), last.hit_10), ("SHOP-80", 1.0));
        assert!(timeline.points.iter().all(|p| p.frequency_hit_10 == 0.5));
    }

    #[test]
    fn many_tickets_are_thinned_out_and_few_have_none() {
        let timeline = Timeline::of(&tickets(5_000));
        assert!(timeline.points.len() > 100 && timeline.points.len() <= MOST_POINTS);
        assert_eq!(timeline.points.last().unwrap().tickets, 5_000);
        assert_eq!(Timeline::of(&tickets(19)), Timeline::default());
    }
}
