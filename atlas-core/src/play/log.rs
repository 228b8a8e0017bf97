//! The order in which the log is read.

use crate::domain::Event;

/// Calls `take` with each event once, in the order in which they were stored; those that are not
/// stored yet come last, by their instants.
///
/// The order is that of the ids and not that of the instants, because a clock can be set back in
/// the middle of a session.
pub(super) fn for_each<'a>(events: &'a [Event], mut take: impl FnMut(&'a Event)) {
    if events.is_sorted_by(|one, next| one.id < next.id && one.id > 0) {
        return events.iter().for_each(take);
    }
    let mut sorted: Vec<&Event> = events.iter().collect();
    sorted.sort_by_key(|event| (event.id == 0, event.id, event.moment.at));
    sorted.dedup_by(|next, one| next.id == one.id && (one.id > 0 || next == one));
    sorted.into_iter().for_each(&mut take);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{EventKind, Moment};
    use jiff::{Timestamp, tz::TimeZone};

    fn event(id: i64, second: i64) -> Event {
        Event {
            id,
            moment: Moment::new(Timestamp::from_second(second).unwrap(), &TimeZone::UTC, 0),
            session_id: None,
            kind: EventKind::Alive,
        }
    }

    #[test]
    fn stored_events_come_by_id_once_and_new_ones_last() {
        let events = [
            event(3, 5),
            event(0, 9),
            event(1, 7),
            event(3, 5),
            event(0, 2),
        ];
        let mut seen = Vec::new();
        for_each(&events, |event| {
            seen.push((event.id, event.moment.at.as_second()));
        });
        assert_eq!(seen, [(1, 7), (3, 5), (0, 2), (0, 9)]);
    }
}
