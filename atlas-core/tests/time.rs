//! Minutes and their intervals, through the whole library.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use atlas_core::domain::{Draft, MinutesOrigin, Priority, Scenario, Step, TestPattern, silent};
use atlas_core::exchange::history::read_history;
use atlas_core::exchange::patterns::read_patterns;
use atlas_core::jira::read_all_tickets;
use atlas_core::learning::time::{PatternTime, Timed, backtest};
use atlas_core::{Atlas, Result};

/// Names that share no word, so that each is asked for by its own.
const NAMES: [&str; 4] = [
    "Invoice export keeps umlauts",
    "Password reset mail arrives",
    "Calendar drag moves appointment",
    "Printer margin fits letterhead",
];

fn pattern(name: &str, component: &str, average: Option<u32>) -> TestPattern {
    let mut pattern = TestPattern::new(name, "Form Submission");
    pattern.key = Some(format!("TP-{}", name.split(' ').next().unwrap_or(name)));
    pattern.component = Some(component.to_owned());
    pattern.steps = vec![Step::new(format!("Try: {name}"), "It does")];
    pattern.avg_time_minutes = average;
    pattern
}

fn asked(atlas: &Atlas, name: &str, priority: &str) -> Scenario {
    let draft = Draft::new(name).priority(priority);
    let prediction = atlas.predict(&draft, 10).unwrap();
    let minutes: u32 = prediction.scenarios.iter().map(|s| s.minutes).sum();
    assert_eq!(prediction.total_minutes, minutes);
    let found = prediction.scenarios.into_iter().find(|s| s.name == name);
    found.unwrap_or_else(|| panic!("{name} is not predicted"))
}

fn import_history(atlas: &Atlas, csv: &str) -> Result<u64> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.csv");
    std::fs::write(&path, csv).unwrap();
    Ok(atlas.learning().import_history(path, &mut silent)?.new)
}

#[test]
fn minutes_come_from_averages_then_from_what_testers_took() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .retrain_after(None)
        .open_in_memory()
        .unwrap();
    let patterns = [
        pattern(NAMES[0], "Billing", Some(30)),
        pattern(NAMES[1], "Accounts", None),
        pattern(NAMES[2], "Accounts", Some(20)),
        pattern(NAMES[3], "Accounts", None),
    ];
    atlas.patterns().add_all(&patterns).unwrap();
    let before = asked(&atlas, NAMES[0], "High");
    assert_eq!(
        (before.minutes, before.minutes_low, before.minutes_high),
        (36, 18, 72)
    );
    assert_eq!(before.minutes_origin, MinutesOrigin::Pattern);
    let unknown = asked(&atlas, NAMES[1], "Medium");
    assert_eq!(
        (unknown.minutes, unknown.minutes_origin),
        (45, MinutesOrigin::Default)
    );
    assert_eq!((unknown.minutes_low, unknown.minutes_high), (15, 135));

    let header = "ticket_key,ticket_summary,pattern_key,verdict,minutes\n";
    let rows = "OLD-1,a,TP-Invoice,right,60\nOLD-2,b,TP-Invoice,right,62\nOLD-3,c,TP-Invoice,right,58\n\
                OLD-4,d,TP-Invoice,right,3000\nOLD-5,e,TP-Password,right,10\nOLD-6,f,TP-Calendar,wrong,\n";
    assert_eq!(
        import_history(&atlas, &format!("{header}{rows}")).unwrap(),
        6
    );
    let after = asked(&atlas, NAMES[0], "Medium");
    assert_eq!(after.minutes_origin, MinutesOrigin::Observed);
    assert!((42..=75).contains(&after.minutes), "{}", after.minutes);
    assert!(after.minutes_low < 58 && after.minutes_high > 62);
    // One time pulls, and does not decide alone.
    let once = asked(&atlas, NAMES[1], "Medium");
    assert_eq!(once.minutes_origin, MinutesOrigin::Observed);
    assert!((11..45).contains(&once.minutes), "{}", once.minutes);
    // Others of the component do not move an average that the library gives.
    let average = asked(&atlas, NAMES[2], "Medium");
    assert_eq!(
        (average.minutes, average.minutes_origin),
        (20, MinutesOrigin::Pattern)
    );
    let neighbour = asked(&atlas, NAMES[3], "Medium");
    assert_eq!(neighbour.minutes_origin, MinutesOrigin::Component);
    assert_ne!(neighbour.minutes, 45);
}

#[test]
fn a_pattern_without_any_time_is_judged_by_its_text_where_enough_are_timed() {
    let atlas = Atlas::open_in_memory().unwrap();
    let mut long = pattern(NAMES[2], "Planner", None);
    long.steps = (0..40)
        .map(|n| {
            Step::new(
                format!("Drag appointment {n} to another day"),
                "It stays there",
            )
        })
        .collect();
    atlas.patterns().add_all(&[long]).unwrap();
    let by_text = asked(&atlas, NAMES[2], "Medium");
    assert_eq!(by_text.minutes_origin, MinutesOrigin::Text);
    assert!(by_text.minutes_low < by_text.minutes && by_text.minutes < by_text.minutes_high);
    // The catalogue's minutes are the range that was seen.
    assert!((5..=90).contains(&by_text.minutes), "{}", by_text.minutes);
    assert_eq!(asked(&atlas, NAMES[2], "Medium"), by_text);
    let high = asked(&atlas, NAMES[2], "High");
    assert_eq!(high.minutes, by_text.minutes * 12 / 10);
}

#[test]
fn predictions_stored_before_intervals_are_still_read() {
    let atlas = Atlas::open_in_memory().unwrap();
    let scenario = atlas
        .predict(&Draft::new("Login fails"), 1)
        .unwrap()
        .scenarios
        .remove(0);
    let mut body = serde_json::to_value(&scenario).unwrap();
    let fields = body.as_object_mut().unwrap();
    assert_eq!(fields["estimated_time_low"], scenario.minutes_low);
    fields.remove("estimated_time_low");
    fields.remove("estimated_time_high");
    let old: Scenario = serde_json::from_value(body).unwrap();
    assert_eq!((old.minutes_low, old.minutes_high), (0, 0));
}

/// The sample's history, replayed. Its minutes were invented around the library's averages, so
/// nothing can beat these; the intervals hold what was measured.
#[test]
fn the_sample_is_estimated_in_the_order_in_which_it_was_tested() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/sample");
    let (tickets, _) = read_all_tickets(&sample.join("tickets.jsonl")).unwrap();
    let priorities: HashMap<_, _> = tickets
        .iter()
        .map(|t| (t.key.clone(), Priority::of(t.priority.as_deref())))
        .collect();
    let (mut patterns, mut ids) = (Vec::new(), HashMap::new());
    read_patterns(&sample.join("patterns.csv"), &mut |record| {
        let pattern = record.value.unwrap();
        let id = patterns.len() as i64;
        ids.insert(pattern.key.unwrap(), id);
        patterns.push(PatternTime {
            id,
            component: pattern.component,
            average: pattern.avg_time_minutes,
            text: None,
        });
        ControlFlow::Continue(())
    })
    .unwrap();
    let mut timed = Vec::new();
    read_history(&sample.join("history.csv"), &mut |record| {
        let link = record.value.unwrap();
        timed.extend(link.minutes.map(|minutes| {
            Timed {
                pattern: ids[&link.pattern_key],
                minutes,
                priority: priorities
                    .get(&link.ticket_key)
                    .copied()
                    .unwrap_or(Priority::Medium),
            }
        }));
        ControlFlow::Continue(())
    })
    .unwrap();
    let found = backtest(&patterns, &timed).unwrap();
    assert!(found.asked > 70 && found.with_own > 30, "{found:?}");
    assert!((0.7..=1.0).contains(&found.covered), "{found:?}");
    assert!(
        found.median_error <= found.median_error_before + 2.0,
        "{found:?}"
    );
}
