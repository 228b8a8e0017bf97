//! Estimates: robust, shrunk, and intervals that hold what they promise.

use super::*;

fn pattern(id: i64, component: &str, average: Option<u32>) -> PatternTime {
    PatternTime {
        id,
        component: (!component.is_empty()).then(|| component.to_owned()),
        average,
        text: None,
    }
}

fn took(pattern: i64, minutes: u32) -> Timed {
    Timed {
        pattern,
        minutes,
        priority: Priority::Medium,
    }
}

fn medium(model: &TimeModel, pattern: i64) -> Estimate {
    model.estimate(pattern, Priority::Medium)
}

/// Repeatable normal deviates, by the sum of twelve uniform ones.
struct Normal(u64);

impl Normal {
    fn next(&mut self) -> f64 {
        let mut sum = -6.0;
        for _ in 0..12 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            sum += (self.0 >> 11) as f64 / (1u64 << 53) as f64;
        }
        sum
    }

    fn minutes(&mut self, log: f64, deviation: f64) -> u32 {
        (log + deviation * self.next()).exp().round().max(1.0) as u32
    }
}

#[test]
fn cold_starts_go_from_average_to_text_to_component_to_45() {
    let by_text = PatternTime {
        text: Some(20.0),
        ..pattern(2, "Login", None)
    };
    let patterns = [
        pattern(1, "Login", Some(30)),
        by_text,
        pattern(3, "Login", None),
        pattern(4, "Reports", None),
        pattern(5, "Login", None),
    ];
    let model = TimeModel::fit(&patterns, &[]);
    let found = |id| (medium(&model, id).minutes, medium(&model, id).origin);
    assert_eq!(found(1), (30, MinutesOrigin::Pattern));
    assert_eq!(found(2), (20, MinutesOrigin::Text));
    assert_eq!(found(3), (45, MinutesOrigin::Default));
    assert_eq!(found(99), (45, MinutesOrigin::Default));
    assert!(!model.asks_text(1) && model.asks_text(2) && !model.asks_text(99));

    let model = TimeModel::fit(&patterns, &[took(5, 10), took(5, 10)]);
    let (component, elsewhere) = (medium(&model, 3), medium(&model, 4));
    assert_eq!(component.origin, MinutesOrigin::Component);
    assert!(component.minutes < elsewhere.minutes && elsewhere.minutes < 45);
    assert_eq!(medium(&model, 1).minutes, 30, "its own average stands");
}

#[test]
fn own_times_take_over_as_they_come() {
    let patterns = [pattern(1, "", Some(20))];
    let mut last = 20;
    for n in [1, 2, 4, 8, 40] {
        let timed = vec![took(1, 80); n];
        let estimate = medium(&TimeModel::fit(&patterns, &timed), 1);
        assert!(
            estimate.minutes > last && estimate.minutes < 80,
            "{estimate:?}"
        );
        assert_eq!(estimate.origin, MinutesOrigin::Observed);
        last = estimate.minutes;
    }
    assert!(last >= 77);
    let one = medium(&TimeModel::fit(&patterns, &[took(1, 80)]), 1);
    assert_eq!(one.minutes, 32, "a third of the way, by factors");
    assert_eq!(
        (one.low, one.high),
        (18, 56),
        "the default for one own time"
    );
}

/// Averages that are exact outweigh runs that vary, and the other way round.
#[test]
fn the_data_say_what_an_average_is_worth() {
    let mut normal = Normal(11);
    let mut estimate = |off: f64, vary: f64| {
        let (mut patterns, mut timed) = (Vec::new(), Vec::new());
        for id in 0..30 {
            let centre = 3.5 + 0.3 * normal.next();
            patterns.push(pattern(id, "", Some(normal.minutes(centre, off))));
            timed.extend((0..3).map(|_| took(id, normal.minutes(centre, vary))));
        }
        patterns.push(pattern(99, "", Some(20)));
        timed.push(took(99, 80));
        medium(&TimeModel::fit(&patterns, &timed), 99).minutes
    };
    let (exact_average, exact_runs) = (estimate(0.02, 0.6), estimate(0.9, 0.05));
    assert!(exact_average <= 24, "{exact_average}");
    assert!(exact_runs >= 48, "{exact_runs}");
}

#[test]
fn one_wild_time_changes_little() {
    let patterns = [pattern(1, "", None), pattern(2, "", Some(25))];
    let mut timed: Vec<Timed> = (0..9).map(|n| took(1, 18 + n % 5)).collect();
    let before = medium(&TimeModel::fit(&patterns, &timed), 1).minutes;
    timed.push(took(1, 100_000));
    timed.push(took(1, 0));
    let after = medium(&TimeModel::fit(&patterns, &timed), 1);
    assert!(after.minutes.abs_diff(before) <= 2, "{before} {after:?}");
}

#[test]
fn the_priority_is_taken_out_and_put_back() {
    let patterns = [pattern(1, "", Some(30))];
    let timed = |minutes, priority| Timed {
        pattern: 1,
        minutes,
        priority,
    };
    let times = [
        timed(36, Priority::High),
        timed(30, Priority::Medium),
        timed(24, Priority::Low),
    ];
    let model = TimeModel::fit(&patterns, &times);
    let minutes = |priority| model.estimate(1, priority).minutes;
    assert_eq!(minutes(Priority::High), 36);
    assert_eq!(minutes(Priority::Medium), 30);
    assert_eq!(minutes(Priority::Low), 24);
}

#[test]
fn odd_numbers_stay_in_range() {
    let patterns = [
        pattern(1, "", Some(0)),
        pattern(2, "", Some(u32::MAX)),
        PatternTime {
            text: Some(f64::NAN),
            ..pattern(3, "", None)
        },
    ];
    let timed = [took(3, u32::MAX), took(3, 1), took(77, 5)];
    let model = TimeModel::fit(&patterns, &timed);
    for id in 1..=3 {
        for priority in [Priority::Low, Priority::Medium, Priority::High] {
            let e = model.estimate(id, priority);
            assert!(
                1 <= e.low && e.low <= e.minutes && e.minutes <= e.high,
                "{e:?}"
            );
            assert!(e.high <= 200_000, "{e:?}");
        }
    }
    let stated = Estimate::stated(0);
    assert_eq!((stated.low, stated.minutes, stated.high), (1, 1, 2));
}

/// Four times in five, for patterns with own times and for those without, when the world is
/// log-normal: averages that are off, components that differ, runs that vary.
#[test]
fn intervals_hold_four_in_five() {
    let mut normal = Normal(42);
    let mut counts = [[0u32; 2]; 2];
    for _ in 0..20 {
        let (mut patterns, mut timed, mut truth) = (Vec::new(), Vec::new(), Vec::new());
        for id in 0..120 {
            let centre = 3.3 + 0.4 * normal.next();
            let average = normal.minutes(centre, 0.35);
            patterns.push(pattern(id, ["A", "B", "C"][id as usize % 3], Some(average)));
            let runs = if id < 60 { 1 + id as usize % 5 } else { 0 };
            timed.extend((0..runs).map(|_| took(id, normal.minutes(centre, 0.4))));
            truth.push(centre);
        }
        let model = TimeModel::fit(&patterns, &timed);
        for (id, centre) in truth.iter().enumerate() {
            let estimate = medium(&model, id as i64);
            let minutes = normal.minutes(*centre, 0.4);
            let inside = estimate.low <= minutes && minutes <= estimate.high;
            counts[usize::from(id >= 60)][usize::from(inside)] += 1;
        }
    }
    for [outside, inside] in counts {
        let share = f64::from(inside) / f64::from(inside + outside);
        assert!((0.76..0.88).contains(&share), "{share}");
    }
}

/// Replayed in order, where some testers are faster than the library says: the estimates come
/// nearer than its averages, and the intervals hold from the first day on.
#[test]
fn a_backtest_tells_coverage_and_gain() {
    assert_eq!(backtest(&[pattern(1, "", None)], &[took(1, 0)]), None);
    let mut normal = Normal(3);
    let centres: Vec<f64> = (0..40).map(|_| 3.0 + 0.5 * normal.next()).collect();
    let patterns: Vec<PatternTime> = centres
        .iter()
        .zip(0..)
        .map(|(centre, id)| pattern(id, "A", Some(normal.minutes(centre + 0.3, 0.4))))
        .collect();
    let timed: Vec<Timed> = (0..400)
        .map(|n| {
            took(
                n * 7 % 40,
                normal.minutes(centres[n as usize * 7 % 40], 0.4),
            )
        })
        .collect();
    let found = backtest(&patterns, &timed).unwrap();
    assert_eq!((found.asked, found.with_own), (400, 360));
    assert!((0.75..0.88).contains(&found.covered), "{found:?}");
    assert!(
        found.median_error < 0.8 * found.median_error_before,
        "{found:?}"
    );
}

#[test]
fn the_store_of_a_large_user_is_fitted_quickly_and_the_same_each_time() {
    let mut normal = Normal(7);
    let patterns: Vec<PatternTime> = (0..5_000)
        .map(|id| pattern(id, &format!("C{}", id % 40), (id % 3 == 0).then_some(30)))
        .collect();
    let timed: Vec<Timed> = (0..1_000)
        .map(|n| took(n * 7 % 600, normal.minutes(3.0, 0.5)))
        .collect();
    let mut turned = patterns.clone();
    turned.reverse();
    let (one, other) = (
        TimeModel::fit(&patterns, &timed),
        TimeModel::fit(&turned, &timed),
    );
    for id in (0..5_000).step_by(97) {
        assert_eq!(medium(&one, id), medium(&other, id));
    }
    assert_eq!(one.known(), other.known());
}
