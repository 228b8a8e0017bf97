//! Streaks through the cases that have cost testers and others their days.

use super::log::Log;
use atlas_core::domain::{EventKind, Moment};
use atlas_core::play::streak;

fn current(log: &Log, today: &Moment) -> u32 {
    streak::of(&log.events, today).current
}

fn repair(log: &mut Log, local: &str, day: &str) {
    let repaired = day.parse().unwrap();
    log.push(log.at(local), None, EventKind::StreakRepaired { repaired });
}

#[test]
fn days_in_a_row_count_up_to_today_or_yesterday() {
    let mut log = Log::new("Europe/Berlin");
    for day in 6..=10 {
        log.session(&format!("2024-05-{day:02}T09:00"));
        log.session(&format!("2024-05-{day:02}T15:00"));
    }
    let on = |local| streak::of(&log.events, &log.now(local));
    assert_eq!(on("2024-05-10T18:00").current, 5);
    assert!(!on("2024-05-10T18:00").waits_for_today);
    assert_eq!(on("2024-05-11T23:59").current, 5);
    assert!(on("2024-05-11T23:59").waits_for_today);
    assert_eq!(on("2024-05-12T00:00").current, 0);
    assert_eq!(on("2024-05-12T00:00").longest, 5);
    assert_eq!(
        streak::of(&[], &log.now("2024-05-12T00:00")),
        streak::Streak::default()
    );
}

#[test]
fn a_flight_east_over_the_date_line_takes_no_day() {
    let mut log = Log::new("America/Los_Angeles");
    log.session("2024-05-06T19:00"); // Monday evening
    log.travel("Pacific/Auckland");
    // Nineteen hours later, Wednesday morning there: Tuesday never was.
    log.session("2024-05-08T09:00");
    assert_eq!(current(&log, &log.now("2024-05-08T12:00")), 2);
}

#[test]
fn a_day_at_home_missed_before_a_flight_is_missed() {
    let mut log = Log::new("America/Los_Angeles");
    log.session("2024-05-06T19:00");
    log.travel("Pacific/Auckland");
    log.session("2024-05-09T20:00"); // Tuesday went by in Los Angeles, Wednesday in Auckland
    assert_eq!(current(&log, &log.now("2024-05-09T21:00")), 1);
}

#[test]
fn a_flight_west_over_the_date_line_gives_a_day_and_takes_none() {
    let mut log = Log::new("Asia/Tokyo");
    log.session("2024-05-06T10:00");
    log.session("2024-05-07T10:00");
    log.travel("America/Los_Angeles");
    log.session("2024-05-06T22:00"); // later, and yesterday again
    assert_eq!(current(&log, &log.now("2024-05-06T23:00")), 2);
    log.session("2024-05-08T10:00");
    assert_eq!(current(&log, &log.now("2024-05-08T11:00")), 3);
}

#[test]
fn travelling_around_the_world_daily_loses_nothing() {
    let mut log = Log::new("Europe/Berlin");
    let zones = [
        "Asia/Kolkata",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "America/New_York",
    ];
    let begin = log.at("2024-05-06T09:00");
    for n in 0..40_i64 {
        log.travel(zones[usize::try_from(n).unwrap() % zones.len()]);
        let at = begin + jiff::SignedDuration::from_hours(24 * n);
        log.session_at(at, atlas_core::domain::Outcome::Passed);
    }
    let last = log.events.last().unwrap().moment.clone();
    // Each session is 24 hours after the last: no day is missed, some dates come twice.
    let streak = streak::of(&log.events, &last);
    assert_eq!(streak.current, streak.longest);
    assert!(streak.current >= 20, "{streak:?}");
}

#[test]
fn the_hour_that_comes_twice_and_the_one_that_is_skipped_change_nothing() {
    for (first, second, third) in [
        ("2024-10-26", "2024-10-27", "2024-10-28"),
        ("2024-03-30", "2024-03-31", "2024-04-01"),
    ] {
        for start in 0..=4 {
            let mut log = Log::new("Europe/Berlin");
            log.day_start = start;
            log.session(&format!("{first}T23:50"));
            log.session(&format!("{second}T04:30"));
            log.session(&format!("{third}T23:59"));
            let streak = streak::of(&log.events, &log.now(&format!("{third}T23:59")));
            assert_eq!(
                (streak.current, streak.longest),
                (3, 3),
                "start {start}, {second}"
            );
        }
    }
    // Half past two comes twice; both are the same day.
    let mut log = Log::new("Europe/Berlin");
    for at in ["2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"] {
        log.session_at(at.parse().unwrap(), atlas_core::domain::Outcome::Passed);
    }
    assert_eq!(current(&log, &log.now("2024-10-27T12:00")), 1);
}

#[test]
fn a_day_that_starts_later_than_midnight_lasts_until_then() {
    let mut log = Log::new("Europe/Berlin");
    log.day_start = 5;
    log.session("2024-05-06T22:00");
    log.session("2024-05-08T02:00"); // still the 7th
    log.session("2024-05-08T23:00");
    assert_eq!(current(&log, &log.now("2024-05-09T04:59")), 3);
    assert!(!streak::of(&log.events, &log.now("2024-05-09T04:59")).waits_for_today);
    assert!(streak::of(&log.events, &log.now("2024-05-09T05:00")).waits_for_today);
}

#[test]
fn another_start_of_the_day_neither_repeats_a_day_nor_skips_one() {
    let mut log = Log::new("Europe/Berlin");
    log.session("2024-05-06T09:00");
    log.session("2024-05-07T01:00");
    log.day_start = 4;
    log.session("2024-05-07T02:00"); // the 6th once more
    assert_eq!(current(&log, &log.now("2024-05-07T03:00")), 2);
    log.session("2024-05-07T09:00");
    assert_eq!(current(&log, &log.now("2024-05-07T10:00")), 2);

    // From four o'clock back to midnight: the 6th was not missed by the calendar of midnight.
    let mut log = Log::new("Europe/Berlin");
    log.day_start = 4;
    log.session("2024-05-06T03:00"); // the 5th
    log.day_start = 0;
    log.session("2024-05-07T01:00");
    assert_eq!(current(&log, &log.now("2024-05-07T02:00")), 2);
}

#[test]
fn a_clock_that_was_set_back_takes_nothing() {
    let mut log = Log::new("UTC");
    for day in 1..=9 {
        log.session(&format!("2024-05-{day:02}T09:00"));
    }
    // The clock says the 5th.
    assert_eq!(current(&log, &log.now("2024-05-05T10:00")), 9);
    log.session("2024-05-05T10:00");
    assert_eq!(current(&log, &log.now("2024-05-05T11:00")), 9);
    // One session under a clock of another year, then the clock is right again.
    log.session("2031-01-01T09:00");
    log.session("2024-05-10T09:00");
    assert_eq!(current(&log, &log.now("2024-05-10T10:00")), 10);
}

#[test]
fn thirty_days_earn_two_freezes_that_cover_two_missed_days() {
    let mut log = Log::new("UTC");
    for day in 1..=30 {
        log.session(&format!("2024-06-{day:02}T09:00"));
        let freezes = streak::of(&log.events, &log.now(&format!("2024-06-{day:02}T10:00"))).freezes;
        assert_eq!(freezes, day / 15);
    }
    let on = |log: &Log, local| streak::of(&log.events, &log.now(local));
    // The 1st and 2nd of July are missed.
    assert_eq!(on(&log, "2024-07-02T10:00").freezes, 1);
    assert_eq!(
        (
            on(&log, "2024-07-03T10:00").current,
            on(&log, "2024-07-03T10:00").freezes
        ),
        (30, 0)
    );
    assert_eq!(on(&log, "2024-07-04T10:00").current, 0);
    log.session("2024-07-03T12:00");
    assert_eq!(on(&log, "2024-07-03T13:00").current, 31);
    // Nothing is left for the next one.
    log.session("2024-07-05T12:00");
    assert_eq!(on(&log, "2024-07-05T13:00").current, 1);
    assert_eq!(on(&log, "2024-07-05T13:00").longest, 31);
}

#[test]
fn freezes_end_with_their_streak_and_are_two_at_most() {
    let mut log = Log::new("UTC");
    for n in 0..80 {
        let at = log.at("2024-01-01T09:00") + jiff::SignedDuration::from_hours(24 * n);
        log.session_at(at, atlas_core::domain::Outcome::Blocked);
    }
    assert_eq!(
        streak::of(&log.events, &log.now("2024-03-20T10:00")).freezes,
        2
    );
    log.session("2024-03-24T09:00"); // three days missed: two freezes do not help
    let streak = streak::of(&log.events, &log.now("2024-03-24T10:00"));
    assert_eq!((streak.current, streak.longest, streak.freezes), (1, 80, 0));
}

#[test]
fn a_repaired_day_joins_what_it_parted() {
    let mut log = Log::new("UTC");
    for day in [1, 2, 3, 5, 6] {
        log.session(&format!("2024-05-{day:02}T09:00"));
    }
    let today = log.now("2024-05-06T12:00");
    assert_eq!(current(&log, &today), 2);
    let day = |text: &str| text.parse().unwrap();
    streak::may_repair(&log.events, day("2024-05-04"), &today).unwrap();
    let before_the_first = ["1999-01-01", "2024-04-30"];
    let not_missed = ["2024-05-05", "2024-05-06", "2024-05-07"];
    for wrong in not_missed.into_iter().chain(before_the_first) {
        let error = streak::may_repair(&log.events, day(wrong), &today).unwrap_err();
        assert_eq!(error.code(), "INVALID_VALUE");
    }
    repair(&mut log, "2024-05-06T12:00", "2024-05-04");
    assert_eq!(current(&log, &today), 5);
    assert!(streak::may_repair(&log.events, day("2024-05-04"), &today).is_err());
    assert!(streak::may_repair(&[], day("2024-05-04"), &today).is_err());
}

#[test]
fn a_session_too_short_to_count_keeps_no_streak() {
    let mut log = Log::new("UTC");
    log.session("2024-05-06T09:00");
    let begin = log.at("2024-05-07T09:00");
    let id = log.start(begin, 1, &[]);
    let end = begin + jiff::SignedDuration::from_secs(59);
    let outcome = atlas_core::domain::Outcome::Passed;
    log.push(end, Some(id), EventKind::Ended { outcome });
    let streak = streak::of(&log.events, &log.now("2024-05-07T10:00"));
    assert_eq!((streak.current, streak.waits_for_today), (1, true));
}
