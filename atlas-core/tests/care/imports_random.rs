//! Random imports of all kinds, taken back in any order: the rows are those of before.

use std::fmt::Write;

use atlas_core::domain::{Feedback, FeedbackTarget, TestImport, silent};
use fastrand::Rng;

use super::imports::Desk;

const SUMMARIES: [&str; 4] = [
    "Export drops umlauts",
    "Login fails",
    "Saving loses the date",
    "Menu",
];
const NAMES: [&str; 3] = ["Umlauts survive", "Passwords are refused", "Dates are kept"];

/// A file of a random kind, imported; its number, unless it found and changed nothing.
fn import(desk: &Desk, random: &mut Rng) -> Option<i64> {
    let atlas = &desk.atlas;
    match random.u8(..5) {
        0 | 1 => {
            let path = desk.file("tickets.csv", &tickets(random));
            atlas
                .tickets()
                .import_file(path, &mut silent)
                .unwrap()
                .import_id
        }
        2 => {
            let path = desk.file("patterns.csv", &patterns(random));
            atlas
                .patterns()
                .import_file(path, &mut silent)
                .unwrap()
                .import_id
        }
        3 => {
            let path = desk.file("history.csv", &history(random));
            atlas
                .learning()
                .import_history(path, &mut silent)
                .unwrap()
                .import_id
        }
        _ => {
            let path = desk.file("report.xml", &results(random));
            let options = TestImport::default();
            atlas
                .learning()
                .import_results(path, &options, &mut silent)
                .unwrap()
                .import_id
        }
    }
}

/// Few keys and ids, so that tickets move and take the keys of others.
fn tickets(random: &mut Rng) -> String {
    let has = [random.bool(), random.bool(), random.bool()];
    let mut text = "Issue key,Summary".to_owned();
    for (_, column) in has
        .iter()
        .zip(["Issue id", "Description", "Outward issue link (Blocks)"])
        .filter(|(has, _)| **has)
    {
        write!(text, ",{column}").unwrap();
    }
    for _ in 0..random.u8(1..6) {
        let summary = random.choice(SUMMARIES).unwrap();
        write!(
            text,
            "\nWRK{}-{},{summary}",
            random.choice(["A", "B"]).unwrap(),
            random.u8(1..5)
        )
        .unwrap();
        let values = [
            random.u8(1..5).to_string(),
            random
                .choice(["", "Open the report", "With a password"])
                .unwrap()
                .to_owned(),
            random.choice(["", "WRKA-1", "WRKA-2"]).unwrap().to_owned(),
        ];
        for (_, value) in has.iter().zip(values).filter(|(has, _)| **has) {
            write!(text, ",{value}").unwrap();
        }
    }
    text + "\n"
}

fn patterns(random: &mut Rng) -> String {
    let mut text = "key,name,type,minutes,steps\n".to_owned();
    for _ in 0..random.u8(1..4) {
        let key = random.choice(["P-1", "P-2", ""]).unwrap();
        let minutes = random.choice(["", "20", "40"]).unwrap();
        let steps = random.choice(["Open it", "Save it => Saved"]).unwrap();
        writeln!(
            text,
            "{key},{},Form,{minutes},{steps}",
            random.choice(NAMES).unwrap()
        )
        .unwrap();
    }
    text
}

fn history(random: &mut Rng) -> String {
    let mut text = "ticket_key,ticket_summary,pattern_key,verdict,minutes,date\n".to_owned();
    for _ in 0..random.u8(1..4) {
        let pattern = random.choice(["P-1", "P-2", NAMES[0], NAMES[1]]).unwrap();
        let verdict = random.choice(["right", "wrong"]).unwrap();
        let minutes = random.choice(["", "15", "45"]).unwrap();
        let summary = random.choice(SUMMARIES).unwrap();
        writeln!(
            text,
            "WRKA-{},{summary},{pattern},{verdict},{minutes},2024-04-01",
            random.u8(1..7)
        )
        .unwrap();
    }
    text
}

fn results(random: &mut Rng) -> String {
    let day = random.u8(1..4);
    let mut text = format!(
        "<testsuite name='WRKA-{}' timestamp='2024-05-0{day}T08:00:00Z'>",
        random.u8(1..5)
    );
    for _ in 0..random.u8(1..4) {
        let (name, class) = (random.choice(NAMES).unwrap(), random.u8(..2));
        let outcome = random.choice(["", "<failure/>"]).unwrap();
        write!(
            text,
            "<testcase name='{name}' classname='c{class}' time='{}'>{outcome}</testcase>",
            random.u8(10..200)
        )
        .unwrap();
    }
    text + "</testsuite>"
}

/// Something that a tester does: asks, answers, notes.
fn work(desk: &Desk, random: &mut Rng) {
    let atlas = &desk.atlas;
    let tickets = atlas.tickets().list().unwrap();
    let Some(ticket) = random.choice(&tickets) else {
        return;
    };
    let key = ticket.key.as_str();
    match random.u8(..3) {
        0 => drop(atlas.tickets().set_note(key, Some("hard")).unwrap()),
        _ => {
            let prediction = atlas.predict(key, 3).unwrap();
            if let Some(row) = prediction.scenarios.first().and_then(|s| s.prediction_id)
                && random.bool()
            {
                let said = Feedback::accepted().minutes(random.u32(1..40));
                atlas
                    .feedback(FeedbackTarget::Scenario(row), &said)
                    .unwrap();
            }
        }
    }
}

#[test]
fn an_import_and_its_undoing_change_nothing() {
    let mut random = Rng::with_seed(4);
    let (mut undone, mut rounds) = (0, 0);
    while undone < 40 && rounds < 200 {
        rounds += 1;
        let desk = Desk::new();
        for _ in 0..random.u8(..4) {
            import(&desk, &mut random);
            work(&desk, &mut random);
        }
        let before = desk.dump();
        let Some(id) = import(&desk, &mut random) else {
            continue;
        };
        let report = desk.atlas.database().undo_import(id).unwrap();
        assert_eq!(report.kept_count, 0, "{report:?}");
        assert_eq!(desk.dump(), before, "round {rounds}");
        undone += 1;
    }
    assert_eq!(undone, 40);
}

#[test]
fn imports_are_taken_back_in_any_order() {
    let mut random = Rng::with_seed(17);
    for round in 0..40 {
        let desk = Desk::new();
        for _ in 0..random.u8(..3) {
            import(&desk, &mut random);
        }
        let before = desk.dump();
        let imports = (0..random.u8(2..6)).filter_map(|_| import(&desk, &mut random));
        let mut imports: Vec<i64> = imports.collect();
        random.shuffle(&mut imports);
        for id in &imports {
            desk.atlas.database().undo_import(*id).unwrap();
            assert_eq!(desk.atlas.database().check().unwrap(), Vec::<String>::new());
        }
        assert_eq!(desk.dump(), before, "round {round}: {imports:?}");
    }
}

#[test]
fn what_a_tester_did_since_stays() {
    let mut random = Rng::with_seed(99);
    for round in 0..25 {
        let desk = Desk::new();
        let mut imports = Vec::new();
        for _ in 0..random.u8(1..5) {
            imports.extend(import(&desk, &mut random));
            work(&desk, &mut random);
        }
        let done = || {
            let mut rows = desk.dump();
            rows.retain(|row| {
                let tables = ["ticket_notes ", "atlas_feedback ", "atlas_feedback_items "];
                tables.iter().any(|table| row.starts_with(table))
            });
            rows
        };
        let before = done();
        random.shuffle(&mut imports);
        for id in imports {
            desk.atlas.database().undo_import(id).unwrap();
        }
        assert_eq!(done(), before, "round {round}");
        assert_eq!(desk.atlas.database().check().unwrap(), Vec::<String>::new());
    }
}
