//! Identity has a scope: the same id in two projects, a title in two sections, an id twice.

use std::path::Path;

use atlas_core::domain::{
    PatternFilter, StoredPattern, TestAction, TestImport, TestReport, Ticket, TicketKey, silent,
};
use atlas_core::{Atlas, Result};

use super::file;

/// A database without patterns.
fn empty() -> Atlas {
    let builder = Atlas::builder().starter_catalogue(false);
    builder.open_in_memory().unwrap()
}

fn import(atlas: &Atlas, name: &str, content: &str) -> TestReport {
    import_with(atlas, name, content, &TestImport::default())
}

fn import_with(atlas: &Atlas, name: &str, content: &str, options: &TestImport) -> TestReport {
    let (_folder, path) = file(name, content);
    atlas
        .patterns()
        .import_file_with(&path, options, &mut silent)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn of_project(project: &str) -> TestImport {
    TestImport {
        project: Some(project.into()),
        ..TestImport::default()
    }
}

fn counts(report: &TestReport) -> [u64; 4] {
    [
        report.created,
        report.updated,
        report.unchanged,
        report.refused,
    ]
}

fn stored(atlas: &Atlas) -> Vec<StoredPattern> {
    let mut all = atlas.patterns().list(&PatternFilter::default()).unwrap();
    all.sort_by_key(|one| one.id);
    all
}

fn said(atlas: &Atlas) -> Vec<(String, Vec<String>)> {
    let all = stored(atlas).into_iter().map(|one| one.pattern);
    all.map(|p| {
        let steps = p.steps.into_iter().map(|step| step.action);
        (p.name, steps.collect())
    })
    .collect()
}

fn reasons(report: &TestReport) -> String {
    let all = report.items.iter().filter_map(|item| item.reason.clone());
    all.collect::<Vec<_>>().join("\n")
}

const LOGIN: &str = "ID,Title,Section,Steps\n1,Log in,Login,Open the form\n2,Log out,Login,Press\n";
const CART: &str =
    "ID,Title,Section,Steps\n1,Cart is paid,Cart,Pay\n2,Cart is emptied,Cart,Empty\n";

#[test]
fn numbering_that_starts_anew_replaces_nothing() {
    let atlas = empty();
    import(&atlas, "login.csv", LOGIN);
    let before = said(&atlas);
    let report = import(&atlas, "cart.csv", CART);
    assert_eq!(counts(&report), [0, 0, 0, 2]);
    assert_eq!(said(&atlas), before);
    let reasons = reasons(&report);
    for word in ["\"Log in\"", "\"Cart is paid\"", "--project"] {
        assert!(reasons.contains(word), "{reasons}");
    }
    assert!(report.notes[0].contains("--project"), "{:?}", report.notes);
    // Told apart, both are kept, and known again.
    let cart = of_project("CART");
    assert_eq!(
        counts(&import_with(&atlas, "cart.csv", CART, &cart)),
        [2, 0, 0, 0]
    );
    assert_eq!(
        counts(&import_with(&atlas, "cart.csv", CART, &cart)),
        [0, 0, 2, 0]
    );
    assert_eq!(counts(&import(&atlas, "login.csv", LOGIN)), [0, 0, 2, 0]);
    assert_eq!(said(&atlas).len(), 4);
}

#[test]
fn two_projects_with_the_same_titles_stay_two() {
    let atlas = empty();
    let web = "ID,Title,Steps\n1,Log in,Open the page\n";
    let app = "ID,Title,Steps\n1,Log in,Tap the icon\n";
    for (project, table) in [("WEB", web), ("APP", app), ("WEB", web), ("APP", app)] {
        import_with(&atlas, "cases.csv", table, &of_project(project));
    }
    let both: Vec<_> = said(&atlas).into_iter().map(|(_, steps)| steps).collect();
    assert_eq!(both, [["Open the page"], ["Tap the icon"]]);
    // A changed one is the same one of its project.
    let app = "ID,Title,Steps\n1,Log in by face,Tap the icon\n";
    let report = import_with(&atlas, "cases.csv", app, &of_project("APP"));
    assert_eq!(counts(&report), [0, 1, 0, 0]);
    assert_eq!(said(&atlas)[1].0, "Log in by face");
}

#[test]
fn a_changed_title_or_a_new_step_is_an_update() {
    for (table, expected) in [
        (
            "ID,Title,Steps\n1,Sign in,\"1. Open\n2. Submit\"\n",
            "Sign in",
        ),
        (
            "ID,Title,Steps\n1,Log in,\"1. Open\n2. Type\n3. Submit\"\n",
            "Log in",
        ),
        ("ID,Title,Steps\n1,Log in,\"1. Tap\"\n", "Log in"),
        (
            "ID,Title,Steps\n1,Log in again,\"1. Open\n2. Send\"\n",
            "Log in again",
        ),
        ("ID,Title\n1,Log in now\n", "Log in now"),
    ] {
        let atlas = empty();
        import(
            &atlas,
            "a.csv",
            "ID,Title,Steps\n1,Log in,\"1. Open\n2. Submit\"\n",
        );
        let report = import(&atlas, "b.csv", table);
        assert_eq!(counts(&report), [0, 1, 0, 0], "{table}");
        assert_eq!(said(&atlas)[0].0, expected);
    }
}

#[test]
fn every_format_with_ids_refuses_another_test_case() {
    let json = |id: &str, name: &str, step: &str| {
        format!("{{\"key\": \"{id}\", \"name\": \"{name}\", \"steps\": [\"{step}\"]}}\n")
    };
    let testrail = |name: &str, step: &str| {
        format!(
            "<suite><sections><section><name>S</name><cases><case><id>C7</id><title>{name}</title>\
             <custom><steps>{step}</steps></custom></case></cases></section></sections></suite>"
        )
    };
    let table = |head: &str, name: &str, step: &str| format!("{head}\n7,{name},{step}\n");
    let both = |make: &dyn Fn(&str, &str) -> String| {
        [
            make("Log in", "Open the form"),
            make("Cart is paid", "Pay by card"),
        ]
    };
    for (kind, [first, second]) in [
        ("x.json", both(&|name, step| json("T1", name, step))),
        ("x.json", both(&|name, step| json("NIM-1", name, step))),
        ("x.xml", both(&testrail)),
        (
            "x.csv",
            both(&|name, step| table("ID,Title,Steps (Step)", name, step)),
        ),
        (
            "x.csv",
            both(&|name, step| table("v2.id,title,steps_actions", name, step)),
        ),
        (
            "x.csv",
            both(&|name, step| table("Key,Name,Test Script (Step-by-Step) - Step", name, step)),
        ),
        (
            "x.feature",
            both(&|name, step| format!("Feature: F\n @id:7\n Scenario: {name}\n  When {step}\n")),
        ),
    ] {
        let atlas = empty();
        import(&atlas, kind, &first);
        let report = import(&atlas, kind, &second);
        assert_eq!(counts(&report), [0, 0, 0, 1], "{first}");
        assert_eq!(said(&atlas)[0].0, "Log in", "{first}");
    }
}

#[test]
fn an_id_twice_in_one_file_is_named_with_both_lines() {
    let table = "ID,Title,Steps\n1,Log in,Open\n2,Log out,Press\n1,Cart is paid,Pay\n";
    let atlas = empty();
    let report = import(&atlas, "cases.csv", table);
    assert_eq!(counts(&report), [1, 0, 0, 2]);
    let reasons = reasons(&report);
    assert!(
        reasons.contains("line 2") && reasons.contains("line 4"),
        "{reasons}"
    );
    // The same in another order.
    let turned = "ID,Title,Steps\n1,Cart is paid,Pay\n2,Log out,Press\n1,Log in,Open\n";
    let other = empty();
    assert_eq!(counts(&import(&other, "cases.csv", turned)), [1, 0, 0, 2]);
    assert_eq!(said(&atlas), said(&other));
    // Just the same twice is one.
    let repeated = "ID,Title,Steps\n1,Log in,Open\n2,Log out,Press\n1,Log in,Open\n";
    let atlas = empty();
    let report = import(&atlas, "cases.csv", repeated);
    assert_eq!(counts(&report), [2, 0, 0, 0]);
    assert_eq!(said(&atlas).len(), 2);
}

#[test]
fn a_title_alone_joins_nothing() {
    let table = "Title,Section,Section Hierarchy,Steps (Step)\nSign up,Web,Web,Open\n\
        Sign up,Mobile,Mobile,Tap\nSign up,Mobile,Mobile,Tap twice\n";
    let atlas = empty();
    let report = import(&atlas, "cases.csv", table);
    assert_eq!(counts(&report)[0], said(&atlas).len() as u64);
    let again = import(&atlas, "cases.csv", table);
    assert_eq!((again.created, again.updated, again.refused), (0, 0, 0));
    let json = "[{\"name\":\"Pay\",\"folder\":\"Web\",\"steps\":[\"Open\"]},\
        {\"name\":\"Pay\",\"folder\":\"App\",\"steps\":[\"Tap\"]}]";
    let atlas = empty();
    assert_eq!(counts(&import(&atlas, "a.json", json)), [2, 0, 0, 0]);
    assert_eq!(counts(&import(&atlas, "a.json", json)), [0, 0, 2, 0]);
}

#[test]
fn cases_without_ids_that_differ_in_steps_only_are_all_kept() {
    let table = "Name,Folder,Steps\nPay,Web,By card\nShip,Web,Send\nPay,Web,By invoice\n";
    let turned = "Name,Folder,Steps\nPay,Web,By invoice\nShip,Web,Send\nPay,Web,By card\n";
    let atlas = empty();
    assert_eq!(counts(&import(&atlas, "a.csv", table)), [3, 0, 0, 0]);
    assert_eq!(counts(&import(&atlas, "a.csv", turned)), [0, 0, 3, 0]);
    assert_eq!(said(&atlas).len(), 3);
}

#[test]
fn thousands_of_one_name_are_refused_in_no_time() {
    let mut table = String::from("Name,Folder,Steps\nShip,Web,Send\n");
    for number in 0..5_000 {
        table.push_str(&format!("Pay,Web,By card {number}\nShip,Web,Send\n"));
    }
    let atlas = empty();
    let report = import(&atlas, "a.csv", &table);
    assert_eq!((report.created, report.refused), (101, 4_900));
    assert!(reasons(&report).contains("give them ids"));
}

#[test]
fn a_case_with_an_id_takes_over_only_its_own() {
    let atlas = empty();
    import(
        &atlas,
        "a.csv",
        "Name,Folder,Steps\nPay,Web,\"1. Open\n2. Pay\"\n",
    );
    let with_ids = "ID,Name,Folder,Steps\nT1,Pay,Web,\"1. Open\n2. Pay\"\n\
        T2,Pay,Web,1. Refund\nT3,Pay,App,1. Tap\n";
    assert_eq!(counts(&import(&atlas, "b.csv", with_ids))[0], 2);
    assert_eq!(counts(&import(&atlas, "b.csv", with_ids)), [0, 0, 3, 0]);
    assert_eq!(said(&atlas).len(), 3);
}

#[test]
fn ids_of_a_database_from_before_are_found() {
    let qase = |title: &str| {
        format!("v2.id,title,steps_type,steps_actions\n1,{title},classic,\"1. Open\n2. Submit\"\n")
    };
    let atlas = empty();
    import(&atlas, "q.csv", &qase("Log in"));
    let report = import_with(&atlas, "q.csv", &qase("Log in"), &of_project("DEMO"));
    assert_eq!(counts(&report), [0, 0, 1, 0]);
    // What one project has taken over is not another one's.
    let report = import_with(&atlas, "q.csv", &qase("Log in"), &of_project("SHOP"));
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    let other = "v2.id,title,steps_type,steps_actions\n1,Cart is paid,classic,1. Pay\n";
    let report = import_with(&atlas, "q.csv", other, &of_project("BANK"));
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    assert_eq!(said(&atlas).len(), 3);
}

#[test]
fn what_was_learned_stays_with_its_test_case() -> Result<()> {
    let atlas = empty();
    atlas
        .tickets()
        .add(&[Ticket::new(TicketKey::parse("NIM-1")?, "Log in fails")])?;
    let linked = "ID,Title,Steps,References\n1,Log in,Open the form,NIM-1\n";
    assert_eq!(import(&atlas, "a.csv", linked).linked, 1);
    let learned = stored(&atlas)[0].pattern.frequency;
    assert_eq!(learned, 1);
    let other = "ID,Title,Steps,References\n1,Cart is paid,Pay,NIM-1\n";
    assert_eq!(import(&atlas, "b.csv", other).linked, 0);
    import_with(&atlas, "b.csv", other, &of_project("CART"));
    let all = stored(&atlas);
    assert_eq!(
        (all[0].pattern.name.as_str(), all[0].pattern.frequency),
        ("Log in", 1)
    );
    Ok(())
}

#[test]
fn absent_keeps_and_empty_clears() {
    let full = "ID,Title,Objective,Precondition,Labels,Minutes,Steps\n\
        T1,Log in,Why,A user,smoke,15,\"1. Open\n2. Submit\"\n";
    let atlas = empty();
    import(&atlas, "a.csv", full);
    let before = stored(&atlas)[0].pattern.clone();
    assert_eq!(
        counts(&import(&atlas, "b.csv", "ID,Title\nT1,Log in\n")),
        [0, 0, 1, 0]
    );
    let json = "{\"key\": \"T1\", \"name\": \"Log in\"}\n";
    assert_eq!(counts(&import(&atlas, "b.json", json)), [0, 0, 1, 0]);
    assert_eq!(stored(&atlas)[0].pattern, before);
    let emptied = "ID,Title,Objective,Precondition,Labels,Minutes,Steps\nT1,Log in,,,,,\n";
    let report = import(&atlas, "c.csv", emptied);
    assert_eq!(counts(&report), [0, 1, 0, 0]);
    assert!(
        reasons(&report).contains("2 steps were removed"),
        "{}",
        reasons(&report)
    );
    let after = stored(&atlas)[0].pattern.clone();
    assert_eq!(
        (
            after.objective,
            after.precondition,
            after.labels.len(),
            after.avg_time_minutes
        ),
        (None, None, 0, None)
    );
    assert!(after.steps.is_empty());
    assert_eq!(counts(&import(&atlas, "c.csv", emptied)), [0, 0, 1, 0]);
}

#[test]
fn json_clears_what_is_null_and_keeps_what_is_not_there() {
    let full = "{\"key\":\"T1\",\"name\":\"Log in\",\"objective\":\"Why\",\"minutes\":5,\
        \"labels\":[\"a\"],\"folder\":\"Web\",\"steps\":[\"Open\",\"Submit\"]}\n";
    for (changed, steps, objective, minutes) in [
        (
            "{\"key\":\"T1\",\"name\":\"Log in\",\"steps\":null}",
            0,
            true,
            Some(5),
        ),
        (
            "{\"key\":\"T1\",\"name\":\"Log in\",\"objective\":null}",
            2,
            false,
            Some(5),
        ),
        (
            "{\"key\":\"T1\",\"name\":\"Log in\",\"minutes\":null}",
            2,
            true,
            None,
        ),
        (
            "{\"key\":\"T1\",\"name\":\"Log in\",\"minutes\":\"soon\"}",
            2,
            true,
            Some(5),
        ),
        (
            "{\"key\":\"T1\",\"name\":\"Log in\",\"pattern_type\":\"Web\",\"steps\":null}",
            0,
            true,
            Some(5),
        ),
    ] {
        let atlas = empty();
        import(&atlas, "a.json", full);
        import(&atlas, "b.json", changed);
        let after = stored(&atlas)[0].pattern.clone();
        assert_eq!(after.steps.len(), steps, "{changed}");
        assert_eq!(after.objective.is_some(), objective, "{changed}");
        assert_eq!(after.avg_time_minutes, minutes, "{changed}");
        assert_eq!(
            (after.labels.len(), after.pattern_type.as_str()),
            (1, "Web"),
            "{changed}"
        );
    }
}

#[test]
fn a_dry_run_says_what_an_import_does() {
    let atlas = empty();
    import(&atlas, "login.csv", LOGIN);
    let dry = TestImport {
        dry_run: true,
        ..TestImport::default()
    };
    for table in [CART, LOGIN, "ID,Title,Steps\n3,A,x\n3,B,y\n4,C,z\n"] {
        let said_before = said(&atlas);
        let report = import_with(&atlas, "x.csv", table, &dry);
        assert_eq!(said(&atlas), said_before);
        let done = import(&atlas, "x.csv", table);
        assert_eq!(counts(&report), counts(&done), "{table}");
    }
}

#[test]
fn results_go_to_the_test_case_of_their_project() {
    let atlas = empty();
    atlas
        .tickets()
        .add(&[Ticket::new(TicketKey::parse("NIM-1").unwrap(), "x")])
        .unwrap();
    import_with(&atlas, "a.csv", LOGIN, &of_project("LOGIN"));
    import_with(&atlas, "b.csv", CART, &of_project("CART"));
    let junit = "<testsuite><testcase name=\"Cart is paid\" time=\"1\"><properties>\
        <property name=\"test_id\" value=\"1\"/><property name=\"requirements\" value=\"NIM-1\"/>\
        </properties></testcase></testsuite>";
    let (_folder, path) = file("r.xml", junit);
    results(&atlas, &path);
    let runs = atlas.tickets().test_runs("NIM-1").unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].pattern_name, "Cart is paid");
}

fn results(atlas: &Atlas, path: &Path) {
    let report = atlas
        .learning()
        .import_results(path, &TestImport::default(), &mut silent)
        .unwrap();
    assert_eq!(report.items[0].action, TestAction::Created);
}
