//! Exports and imports through a database: ids that stay, dry runs, what is kept.

use atlas_core::domain::{
    PatternFilter, SessionPlan, TestAction, TestExport, TestField, TestFormat, TestImport,
    TestPattern, Ticket, TicketKey, silent,
};
use atlas_core::{Atlas, Error};

use super::{Folder, counts, empty, import, step};

fn all() -> PatternFilter {
    PatternFilter::default()
}

fn with_patterns() -> Atlas {
    let atlas = empty();
    let key = TicketKey::parse("WRKA-7").unwrap();
    atlas
        .tickets()
        .add(&[Ticket::new(key, "Export loses umlauts")])
        .unwrap();
    let mut one = TestPattern::new("=Umlauts survive", "Data Export");
    one.component = Some("Export".into());
    one.objective = Some("Why".into());
    one.labels = vec!["smoke".into()];
    one.avg_time_minutes = Some(15);
    one.steps = vec![
        step("Open\nthe list", "It opens", "Jörg"),
        step("Export", "", ""),
    ];
    atlas.patterns().add(&one).unwrap();
    let mut two = TestPattern::new("Log in", "Login");
    two.key = Some("C7".into());
    two.precondition = Some("A user".into());
    two.steps = vec![step("Log in", "I am in", "")];
    atlas.patterns().add(&two).unwrap();
    atlas
}

#[test]
fn a_second_export_and_a_second_import_update_and_double_nothing() {
    for format in TestFormat::ALL
        .into_iter()
        .filter(|f| f.is_written() && f.holds_patterns())
    {
        let (atlas, folder) = (with_patterns(), Folder::new());
        let options = TestExport {
            project: Some("WRKA".into()),
            ..TestExport::new(format)
        };
        let path = folder.path("a");
        let first = atlas.patterns().export(&all(), &path, &options).unwrap();
        assert_eq!(first.created + first.updated, 2, "{format:?}");
        assert!(
            first.items.iter().all(|item| item.not_held.is_empty()),
            "{:?}",
            first.items
        );
        // Back into the same database, which then has nothing new.
        assert_eq!(counts(&import(&atlas, &path)), [0, 0, 2, 0], "{format:?}");
        // A new name leaves the id as it was.
        let id = first.items[0].external_id.clone();
        atlas
            .patterns()
            .rename("=Umlauts survive", "Umlauts stay")
            .unwrap();
        let second = atlas.patterns().export(&all(), &path, &options).unwrap();
        assert_eq!(second.items[0].external_id, id);
        let actions: Vec<TestAction> = second.items.iter().map(|item| item.action).collect();
        assert_eq!(
            actions,
            [TestAction::Updated, TestAction::Unchanged],
            "{format:?}"
        );
        // Into another database, and what changed there comes back.
        let other = empty();
        assert_eq!(counts(&import(&other, &path)), [2, 0, 0, 0], "{format:?}");
        assert_eq!(counts(&import(&other, &path)), [0, 0, 2, 0], "{format:?}");
        assert_eq!(
            other
                .patterns()
                .get("C7")
                .unwrap()
                .pattern
                .precondition
                .as_deref(),
            Some("A user")
        );
        other
            .patterns()
            .rename("Umlauts stay", "Umlauts remain")
            .unwrap();
        other.patterns().export(&all(), &path, &options).unwrap();
        assert_eq!(counts(&import(&atlas, &path)), [0, 1, 1, 0], "{format:?}");
        assert_eq!(atlas.patterns().list(&all()).unwrap().len(), 2);
    }
}

#[test]
fn a_dry_run_says_the_same_and_does_nothing() {
    let (atlas, folder) = (with_patterns(), Folder::new());
    let path = folder.path("cases.csv");
    let options = TestExport::new(TestFormat::TestrailCsv);
    let dry = TestExport {
        dry_run: true,
        ..options.clone()
    };
    let said = atlas.patterns().export(&all(), &path, &dry).unwrap();
    assert!(said.dry_run && !path.exists());
    // C7 is TestRail's own.
    let actions: Vec<TestAction> = said.items.iter().map(|item| item.action).collect();
    assert_eq!(actions, [TestAction::Created, TestAction::Updated]);
    let done = atlas.patterns().export(&all(), &path, &options).unwrap();
    assert_eq!(done.items, said.items);
    let changed = TestExport {
        changed_only: true,
        ..options
    };
    let nothing = atlas
        .patterns()
        .export(&all(), folder.path("b.csv"), &changed)
        .unwrap();
    assert_eq!(counts(&nothing), [0, 0, 2, 0]);
    assert_eq!(
        std::fs::read_to_string(folder.path("b.csv"))
            .unwrap()
            .lines()
            .count(),
        1
    );

    let other = empty();
    let dry = TestImport {
        dry_run: true,
        ..TestImport::default()
    };
    let said = other
        .patterns()
        .import_file_with(&path, &dry, &mut silent)
        .unwrap();
    assert_eq!(counts(&said), [2, 0, 0, 0]);
    assert_eq!(other.patterns().list(&all()).unwrap().len(), 0);
    assert_eq!(import(&other, &path).items, said.items);
}

#[test]
fn what_a_format_does_not_say_stays() {
    let (atlas, folder) = (with_patterns(), Folder::new());
    atlas.patterns().retire("C7").unwrap();
    let path = folder.put("a.csv", "ID,Title,Steps (Step)\nC7,Sign in,Press\n");
    assert_eq!(counts(&import(&atlas, &path)), [0, 1, 0, 0]);
    let kept = atlas.patterns().get("C7").unwrap().pattern;
    assert_eq!(
        (kept.name.as_str(), kept.pattern_type.as_str()),
        ("Sign in", "Login")
    );
    assert_eq!(kept.precondition.as_deref(), Some("A user"));
    assert!(!kept.is_active);
}

#[test]
fn an_id_of_another_tool_is_remembered() {
    let (atlas, folder) = (with_patterns(), Folder::new());
    // What a tool made of an export that it was not told our ids in.
    let path = folder.put(
        "a.csv",
        "ID,Title,Section,Component,Steps (Step)\nC99,=Umlauts survive,Data Export,Export,Other\n",
    );
    assert_eq!(counts(&import(&atlas, &path)), [0, 1, 0, 0]);
    let path = folder.put("b.csv", "ID,Title,Steps (Step)\nC99,Renamed there,Other\n");
    assert_eq!(counts(&import(&atlas, &path)), [0, 1, 0, 0]);
    let out = folder.path("c.csv");
    atlas
        .patterns()
        .export(&all(), &out, &TestExport::new(TestFormat::TestrailCsv))
        .unwrap();
    assert!(
        std::fs::read_to_string(&out)
            .unwrap()
            .contains("C99,Renamed there")
    );
}

#[test]
fn tickets_in_a_file_become_links() {
    let (atlas, folder) = (with_patterns(), Folder::new());
    let feature = "@WRKA-7 @WRKA-99\nFeature: Login\n Scenario: Umlauts\n  When x\n";
    let path = folder.put("a.feature", feature);
    let report = import(&atlas, &path);
    assert_eq!((report.created, report.linked), (1, 1));
    assert!(report.items[0].reason.as_ref().unwrap().contains("WRKA-99"));
    assert_eq!(
        (
            import(&atlas, &path).linked,
            atlas.database().counts().unwrap().observations
        ),
        (0, 1)
    );
    let out = folder.path("b.feature");
    atlas
        .patterns()
        .export(&all(), &out, &TestExport::new(TestFormat::Gherkin))
        .unwrap();
    assert!(std::fs::read_to_string(&out).unwrap().contains("@WRKA-7"));
}

#[test]
fn what_cannot_be_held_is_listed() {
    let (atlas, folder) = (empty(), Folder::new());
    let mut odd = TestPattern::new("Two\nlines", "Login");
    odd.labels = vec!["two words".into(), "a,b".into()];
    odd.steps = vec![step("x ", "", "")];
    atlas.patterns().add(&odd).unwrap();
    let lost = |format| {
        let options = TestExport {
            project: Some("WRKA".into()),
            ..TestExport::new(format)
        };
        atlas
            .patterns()
            .export(&all(), folder.path("a.feature"), &options)
            .unwrap()
            .items[0]
            .not_held
            .clone()
    };
    assert_eq!(
        lost(TestFormat::Gherkin),
        [TestField::Name, TestField::Steps]
    );
    assert_eq!(
        lost(TestFormat::TestrailCsv),
        [TestField::Steps, TestField::Labels]
    );
    assert_eq!(lost(TestFormat::XrayCloud), [TestField::Labels]);
    assert_eq!(lost(TestFormat::Atlas), []);
}

#[test]
fn scenarios_and_sessions_go_out_with_their_ticket() {
    let (atlas, folder) = (with_patterns(), Folder::new());
    let prediction = atlas.predict("WRKA-7", 2).unwrap();
    let first = prediction.scenarios[0].prediction_id.unwrap();
    let path = folder.path("a.feature");
    let report = atlas
        .predictions()
        .export(
            "WRKA-7",
            &[first],
            &path,
            &TestExport::new(TestFormat::Gherkin),
        )
        .unwrap();
    assert_eq!(report.created, 1);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("@WRKA-7") && text.contains(&prediction.scenarios[0].name),
        "{text}"
    );
    let error = atlas.predictions().export(
        "WRKA-7",
        &[999],
        &path,
        &TestExport::new(TestFormat::Gherkin),
    );
    assert!(matches!(
        error,
        Err(Error::PredictionNotFound { id: 999, .. })
    ));
    let unasked = Ticket::new(TicketKey::parse("WRKA-8").unwrap(), "Nobody asked yet");
    atlas.tickets().add(&[unasked]).unwrap();
    let options = TestExport::new(TestFormat::Gherkin);
    let error = atlas.predictions().export("WRKA-8", &[], &path, &options);
    let error = error.unwrap_err();
    assert_eq!(error.code(), "PREDICTION_NOT_FOUND");
    assert_eq!(
        error.to_string(),
        "nothing is predicted for WRKA-8 yet: predict it first"
    );

    let session = atlas
        .sessions()
        .start("WRKA-7", &SessionPlan::Prediction(prediction.id.unwrap()))
        .unwrap();
    atlas.sessions().step_done(session.id, 1).unwrap();
    atlas
        .sessions()
        .end(session.id, atlas_core::domain::Outcome::Failed)
        .unwrap();
    let out = |format, name: &str| {
        let path = folder.path(name);
        let report = atlas
            .sessions()
            .export(session.id, &path, &TestExport::new(format))
            .unwrap();
        assert_eq!(report.items.len(), 2);
        std::fs::read_to_string(&path).unwrap()
    };
    let junit = out(TestFormat::Junit, "a.xml");
    assert!(
        junit.contains("failures=\"1\"") && junit.contains("skipped=\"1\""),
        "{junit}"
    );
    let cloud = out(TestFormat::XrayCloud, "cloud.json");
    assert!(
        cloud.contains("\"FAILED\"") && cloud.contains("\"TO DO\""),
        "{cloud}"
    );
    let dc = out(TestFormat::XrayDc, "dc.json");
    assert!(
        dc.contains("\"FAIL\"") && dc.contains("\"TODO\"") && dc.contains("+00:00"),
        "{dc}"
    );
    assert!(out(TestFormat::Markdown, "a.md").contains("| failed |"));
    assert!(out(TestFormat::QaseCsv, "a.csv").contains("steps_actions"));
    // What was written is read: the pattern's result is there again.
    let report = atlas
        .learning()
        .import_results(folder.path("a.xml"), &TestImport::default(), &mut silent)
        .unwrap();
    assert_eq!(counts(&report), [1, 0, 1, 0], "{report:?}");
}

#[test]
fn tools_get_their_own_shapes() {
    let (atlas, folder) = (with_patterns(), Folder::new());
    let path = folder.path("a.json");
    let options = TestExport {
        bdd: true,
        ..TestExport::new(TestFormat::ZephyrJson)
    };
    atlas.patterns().export(&all(), &path, &options).unwrap();
    let zephyr: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(
        zephyr[1]["testScript"]["text"],
        "When Log in\nThen I am in\n"
    );
    let many: Vec<TestPattern> = (0..1_001)
        .map(|n| TestPattern::new(format!("Case {n}"), "Bulk"))
        .collect();
    atlas.patterns().add_all(&many).unwrap();
    for format in [TestFormat::XrayCloud, TestFormat::XrayCsv] {
        let options = TestExport {
            project: Some("WRKA".into()),
            ..TestExport::new(format)
        };
        let report = atlas.patterns().export(&all(), &path, &options).unwrap();
        let names: Vec<_> = report
            .files
            .iter()
            .map(|file| file.file_name().unwrap().to_owned())
            .collect();
        assert_eq!(names, ["a-001.json", "a-002.json"]);
        assert!(report.files.iter().all(|file| file.exists()));
    }
    let error = atlas
        .patterns()
        .export(&all(), &path, &TestExport::new(TestFormat::XrayCloud))
        .unwrap_err();
    assert_eq!(error.code(), "INVALID_VALUE", "no project");
    let error = atlas
        .patterns()
        .export(&all(), &path, &TestExport::new(TestFormat::ZephyrSquad))
        .unwrap_err();
    assert_eq!(error.code(), "INVALID_VALUE", "not written");
    let folder_of_features = folder.path("features");
    let report = atlas
        .patterns()
        .export(
            &all(),
            &folder_of_features,
            &TestExport::new(TestFormat::Gherkin),
        )
        .unwrap();
    assert_eq!(report.files.len(), 3);
    assert_eq!(
        counts(&import(&atlas, &folder_of_features)),
        [0, 0, 1_003, 0]
    );
}
