//! `atlas day --simulate`: the same seed plays the same day.

mod desk;

use desk::Desk;
use serde_json::Value;

#[test]
fn the_same_seed_tells_the_same_day() {
    let desk = Desk::new();
    let day = |seed: &str| desk.text(&["day", "--simulate", "--seed", seed]);
    let first = day("4");
    assert_eq!(first, day("4"));
    assert_ne!(first, day("5"));
    for said in [
        "Monday, 1 December 2025",
        "Today's challenge:",
        "ATLAS predicts:",
        "Session 1 begins.",
        "XP to level",
        "was left open",
        "$ atlas today",
    ] {
        assert!(first.contains(said), "{said}\n{first}");
    }
    assert!(
        first.lines().all(|line| line.chars().count() <= 100),
        "{first}"
    );
    assert_eq!(
        std::fs::read_dir(desk.0.path()).unwrap().count(),
        0,
        "in memory"
    );
}

#[test]
fn what_is_told_stands_in_the_database_that_is_kept() {
    let desk = Desk::new();
    let args = [
        "--db",
        "played.db",
        "day",
        "--simulate",
        "--days",
        "3",
        "--personality",
        "silent",
    ];
    let played = desk.json(&args);
    let days = played["days"].as_array().unwrap();
    assert_eq!(days.len(), 3);
    assert_eq!(days[2]["today"]["stats"]["current_streak"], 3);
    let sessions: Vec<&Value> = days
        .iter()
        .flat_map(|day| day["sessions"].as_array().unwrap())
        .collect();
    assert!(
        sessions.iter().all(|session| session["coach"].is_null()),
        "silent"
    );
    let kept = desk.json(&["--db", "played.db", "session", "list", "--limit", "100"]);
    let kept = kept["sessions"].as_array().unwrap();
    assert_eq!(kept.len(), sessions.len());
    for (played, kept) in sessions.iter().zip(kept.iter().rev()) {
        assert_eq!(played["session_id"], kept["id"]);
        assert_eq!(played["duration_minutes"], kept["minutes"]);
        assert_eq!(played["outcome"], kept["outcome"]);
    }
    // XP of all days is what the log amounts to.
    let xp: u64 = days
        .iter()
        .map(|day| day["today"]["stats"]["xp_today"].as_u64().unwrap())
        .sum();
    assert_eq!(desk.json(&["--db", "played.db", "profile"])["xp_total"], xp);
    // The streak of those days has ended since; there is nothing else to write.
    desk.text(&["--db", "played.db", "rebuild"]);
    let text = desk.text(&["--db", "played.db", "rebuild"]);
    assert!(text.starts_with("Nothing changed"), "{text}");
    let (code, error) = desk.error(&args);
    assert_eq!(
        (code, &error["code"]),
        (1, &"INVALID_VALUE".into()),
        "it is there already"
    );
}

#[test]
fn only_a_simulation_is_offered() {
    let desk = Desk::new();
    assert_eq!(desk.error(&["day"]).0, 2);
    assert_eq!(desk.error(&["day", "--simulate", "--days", "0"]).0, 2);
    assert_eq!(
        desk.error(&["day", "--simulate", "--personality", "parrot"])
            .0,
        2
    );
}
