//! The whole library as a host uses it: import the sample, analyse, predict, and what goes wrong.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use atlas_core::domain::{
    Criticality, Draft, Source, Step, TestPattern, Ticket, TicketKey, silent,
};
use atlas_core::pipeline::{
    Blended, Blender, Candidate, OwnScenario, Predictor, Query, ScenarioRef, Suggestions, Vote,
};
use atlas_core::{Atlas, Error, Result, SimilarOptions};
use jiff::Timestamp;

fn sample(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/sample")
        .join(file)
}

fn noon() -> Timestamp {
    Timestamp::from_second(1_760_000_000).unwrap()
}

fn with_sample(atlas: Atlas) -> Atlas {
    atlas
        .tickets()
        .import_file(sample("tickets.jsonl"), &mut silent)
        .unwrap();
    atlas
        .patterns()
        .import_file(sample("patterns.csv"), &mut silent)
        .unwrap();
    atlas
        .learning()
        .import_history(sample("history.csv"), &mut silent)
        .unwrap();
    // What is asked next is answered by what was learned, however busy the machine is.
    atlas.learning().wait_until_trained();
    atlas
}

fn opened() -> Atlas {
    with_sample(Atlas::builder().clock(noon).open_in_memory().unwrap())
}

fn key(text: &str) -> TicketKey {
    TicketKey::parse(text).unwrap()
}

#[test]
fn the_sample_imports_whole_and_a_second_time_changes_nothing() {
    let atlas = opened();
    let counts = atlas.database().counts().unwrap();
    assert!(
        counts.tickets >= 60 && counts.observations >= 80 && counts.unencoded == 0,
        "{counts:?}"
    );
    let again = atlas
        .tickets()
        .import_file(sample("tickets.jsonl"), &mut silent)
        .unwrap();
    assert_eq!(
        (again.new, again.updated, again.unchanged),
        (0, 0, counts.tickets)
    );
    assert!(again.skipped.is_empty());
    let again = atlas
        .learning()
        .import_history(sample("history.csv"), &mut silent)
        .unwrap();
    assert_eq!((again.new, again.unchanged), (0, counts.observations));
    assert_eq!(atlas.database().counts().unwrap(), counts);
}

#[test]
fn a_prediction_is_complete_and_its_sums_are_right() {
    let prediction = opened().predict("wrka-1234", 5).unwrap();
    assert_eq!(prediction.ticket_key, Some(key("WRKA-1234")));
    assert_eq!(prediction.scenarios.len(), 5);
    for scenario in &prediction.scenarios {
        let parts: f32 = scenario.parts.iter().map(|part| part.value).sum();
        assert!((parts - scenario.confidence).abs() < 1e-4, "{scenario:?}");
        assert!((0.0..=100.0).contains(&scenario.confidence));
        assert!(!scenario.steps.is_empty() && !scenario.reasons.is_empty() && scenario.minutes > 0);
        assert_eq!(scenario.calibrated, scenario.pattern_id.is_some());
    }
    assert!(
        prediction
            .scenarios
            .windows(2)
            .all(|pair| pair[0].confidence >= pair[1].confidence)
    );
    let minutes: u32 = prediction
        .scenarios
        .iter()
        .map(|scenario| scenario.minutes)
        .sum();
    assert_eq!(prediction.total_minutes, minutes);
    assert!(
        prediction
            .scenarios
            .iter()
            .any(|scenario| scenario.name.contains("MHIS"))
    );
    let edge = prediction.edge_cases.first().unwrap();
    assert_eq!(
        (edge.criticality, edge.component.as_deref()),
        (Criticality::High, Some("MHIS"))
    );
    assert!(prediction.edge_cases.len() <= 10);
}

#[test]
fn json_speaks_the_words_of_the_specification() {
    let atlas = opened();
    let json = serde_json::to_value(atlas.predict("WRKA-1234", 2).unwrap()).unwrap();
    let first = &json["predictions"][0];
    for field in [
        "scenario_name",
        "confidence",
        "source",
        "steps",
        "estimated_time",
        "pattern_id",
        "parts",
        "reasons",
        "calibrated",
    ] {
        assert!(first.get(field).is_some(), "{field} is missing in {first}");
    }
    assert!(json["edge_cases"][0]["criticality"].is_string());
    assert!(json["total_estimated_time"].is_u64() && json["degraded"].is_array());
    let json = serde_json::to_value(atlas.analyze("WRKA-1234").unwrap()).unwrap();
    assert_eq!(json["ticket_key"], "WRKA-1234");
    assert_eq!(json["components"][0]["name"], "MHIS");
    assert!(
        json["scenario_types"][0]["type"].is_string()
            && json["scenario_types"][0]["relevance"].is_number()
    );
    assert!(json["similar_tickets"][0]["similarity"].is_number());
}

#[test]
fn the_past_speaks_for_what_was_right_before() {
    let prediction = opened().predict("WRKA-1234", 10).unwrap();
    let told = prediction
        .scenarios
        .iter()
        .flat_map(|scenario| &scenario.reasons);
    assert!(
        told.filter_map(|reason| reason.ticket_key.as_ref())
            .any(|past| past == &key("WRKA-1100"))
    );
    assert!(prediction.degraded.is_empty());
}

#[test]
fn equal_databases_give_equal_bytes_and_the_stored_answer_is_kept() {
    let (first, second) = (opened(), opened());
    let json =
        |atlas: &Atlas| serde_json::to_string(&atlas.predict("WRKA-1234", 5).unwrap()).unwrap();
    let answer = json(&first);
    assert_eq!(answer, json(&second));
    assert_eq!(answer, json(&first), "the stored prediction answers again");
    first
        .patterns()
        .add_all(&[TestPattern::new(
            "Eligibility field on the MHIS form",
            "Form Submission",
        )])
        .unwrap();
    assert_ne!(answer, json(&first), "a new pattern is seen at once");
}

#[test]
fn an_empty_database_predicts_from_the_starter_catalogue() {
    let atlas = Atlas::open_in_memory().unwrap();
    let draft = Draft::new("Password reset mail never arrives")
        .component("Login")
        .priority("High");
    let prediction = atlas.predict(&draft, 3).unwrap();
    assert_eq!(prediction.scenarios.len(), 3);
    assert!(prediction.id.is_none() && prediction.ticket_key.is_none());
    assert_eq!(prediction.degraded.len(), 1);
    assert_eq!(prediction.degraded[0].predictor, "similarity");
    let json = serde_json::to_value(&prediction.scenarios[0]).unwrap();
    assert_eq!(json["steps_origin"], "starter");
    let none = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let prediction = none.predict(&draft, 3).unwrap();
    assert!(prediction.scenarios.is_empty() && !prediction.degraded.is_empty());
    assert!(
        none.similar(&draft, &SimilarOptions::default())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn duplicates_and_similar_tickets_say_why() {
    let atlas = opened();
    let duplicates = atlas.duplicates("WRKA-1228", 5).unwrap();
    assert_eq!(duplicates[0].ticket_key, key("WRKA-1214"));
    assert!(
        duplicates[0].linked
            && !duplicates[0].parts.is_empty()
            && !duplicates[0].shared_words.is_empty()
    );
    let similar = atlas
        .similar("WRKA-1234", &SimilarOptions::default())
        .unwrap();
    assert!(
        similar
            .iter()
            .any(|ticket| ticket.ticket_key == key("WRKA-1100"))
    );
    assert!(
        similar
            .iter()
            .all(|ticket| ticket.ticket_key != key("WRKA-1234"))
    );
    for ticket in &similar {
        let parts: f32 = ticket.parts.iter().map(|part| part.value).sum();
        assert!((parts - ticket.similarity).abs() < 1e-5);
    }
}

#[test]
fn filters_apply_before_the_search() {
    let atlas = opened();
    let mut options = SimilarOptions {
        limit: 3,
        ..SimilarOptions::default()
    };
    options.filter.projects = vec!["wmb".to_owned()];
    let found = atlas.similar("WRKA-1234", &options).unwrap();
    assert_eq!(found.len(), 3);
    assert!(
        found
            .iter()
            .all(|ticket| ticket.ticket_key.project() == "WMB")
    );
    options.threshold = 1.0;
    assert!(atlas.similar("WRKA-1234", &options).unwrap().is_empty());
}

#[test]
fn a_tickets_own_steps_become_a_scenario() {
    let atlas = Atlas::open_in_memory().unwrap();
    let draft = Draft::new("Save loses the date").description(
        "# Steps to reproduce\n\n1. Open a case\n2. Enter a date\n3. Save\n\nExpected result: the date is kept",
    );
    let prediction = atlas.predict(&draft, 20).unwrap();
    let own = prediction
        .scenarios
        .iter()
        .find(|scenario| scenario.source.as_str() == "ticket")
        .unwrap();
    assert_eq!(own.steps.len(), 3);
    assert_eq!(own.steps[2].expected.as_deref(), Some("the date is kept"));
    assert_eq!(serde_json::to_value(own).unwrap()["steps_origin"], "ticket");
}

struct Plugin(&'static str, fn(&Query<'_>) -> Result<Suggestions>);

impl Predictor for Plugin {
    fn name(&self) -> &str {
        self.0
    }
    fn predict(&self, query: &Query<'_>) -> Result<Suggestions> {
        (self.1)(query)
    }
}

fn says(scenario: impl Into<ScenarioRef>, confidence: f32) -> Result<Suggestions> {
    let scenarios = vec![Candidate::new(scenario, confidence)];
    Ok(Suggestions {
        scenarios,
        edge_cases: Vec::new(),
    })
}

#[test]
fn a_plugin_that_fails_costs_its_own_vote_only() {
    let atlas = Atlas::builder()
        .predictor(Plugin("panics", |_| panic!("at the disco")))
        .predictor(Plugin("errs", |_| Err(Error::DatabaseBusy)))
        .predictor(Plugin("nan", |_| says(ScenarioRef::Pattern(1), f32::NAN)))
        .predictor(Plugin("far", |_| says(ScenarioRef::Pattern(1), 7.0)))
        .predictor(Plugin("unknown", |_| {
            says(ScenarioRef::Pattern(987_654), 1.0)
        }))
        .predictor(Plugin("twice", |_| {
            let mut all = says(ScenarioRef::Pattern(1), 0.9)?;
            all.scenarios
                .extend(says(ScenarioRef::Pattern(1), 0.8)?.scenarios);
            Ok(all)
        }))
        .predictor(Plugin("good", |_| {
            says(OwnScenario::new("Smoke test"), 1.0)
        }))
        .open_in_memory()
        .unwrap();
    let prediction = atlas.predict(&Draft::new("Export is empty"), 4).unwrap();
    let failed: Vec<&str> = prediction
        .degraded
        .iter()
        .map(|d| d.predictor.as_str())
        .collect();
    assert_eq!(
        failed,
        [
            "similarity",
            "panics",
            "errs",
            "nan",
            "far",
            "unknown",
            "twice"
        ]
    );
    assert!(prediction.degraded[1].reason.contains("at the disco"));
    assert_eq!(prediction.scenarios[0].name, "Smoke test");
    assert_eq!(prediction.scenarios.len(), 4);
}

#[test]
fn a_plugin_that_cancels_stops_the_call_and_nothing_is_stored() {
    let atlas = Atlas::builder()
        .predictor(Plugin("stops", |_| Err(Error::Cancelled)))
        .open_in_memory()
        .unwrap();
    let key = TicketKey::parse("WRKA-7").unwrap();
    atlas.tickets().add(&[Ticket::new(key, "Export")]).unwrap();
    assert_eq!(atlas.predict("WRKA-7", 5).unwrap_err().code(), "CANCELLED");
    assert_eq!(atlas.predictions().latest("WRKA-7").unwrap(), None);
}

struct Blends(fn() -> Result<Vec<Blended>>);

impl Blender for Blends {
    fn blend(&self, _: &[Vote<'_>]) -> Result<Vec<Blended>> {
        (self.0)()
    }
}

#[test]
fn where_a_blender_fails_the_weighted_sum_blends() {
    let draft = Draft::new("Export is empty");
    let usual = Atlas::open_in_memory().unwrap();
    let usual = usual.predict(&draft, 5).unwrap();
    let with = |blend| {
        let atlas = Atlas::builder().blender(Blends(blend));
        atlas.open_in_memory().unwrap().predict(&draft, 5)
    };
    fn confident(confidence: f32) -> Result<Vec<Blended>> {
        let one = vec![Blended {
            scenario: ScenarioRef::Pattern(1),
            confidence,
            parts: Vec::new(),
            source: Source::Neural,
            reasons: Vec::new(),
            calibrated: false,
        }];
        Ok(one)
    }
    let wrong: [fn() -> Result<Vec<Blended>>; 5] = [
        || Err(Error::DatabaseBusy),
        || panic!("at the disco"),
        || confident(f32::INFINITY),
        || confident(-5.0),
        || confident(1e9),
    ];
    for fails in wrong {
        let prediction = with(fails).unwrap();
        assert_eq!(prediction.scenarios, usual.scenarios);
        assert_eq!(prediction.blend.by, "weighted sum");
        assert_eq!(prediction.degraded.last().unwrap().predictor, "blender");
    }
    assert_eq!(with(|| Ok(Vec::new())).unwrap().blend.by, "custom");
    let stopped = with(|| Err(Error::Cancelled)).unwrap_err();
    assert_eq!(stopped.code(), "CANCELLED");
}

#[test]
fn plugins_need_names_of_their_own_and_sane_weights() {
    let twice =
        Atlas::builder().predictor(Plugin("neural", |_| says(ScenarioRef::Pattern(1), 1.0)));
    assert_eq!(
        twice.open_in_memory().err().unwrap().code(),
        "DUPLICATE_PREDICTOR"
    );
    let heavy = Atlas::builder().weight("neural", f32::NAN).open_in_memory();
    assert_eq!(heavy.err().unwrap().code(), "INVALID_VALUE");
    let rules = Atlas::builder()
        .edge_case_rules("[[rule]]\nid = 3")
        .open_in_memory();
    assert_eq!(rules.err().unwrap().code(), "INVALID_VALUE");
}

#[test]
fn own_edge_case_rules_are_heard() {
    let rules = "[[rule]]\nid = \"fax\"\ndescription = \"Send it by fax\"\ncriticality = \"high\"\nwords = [\"fax\"]";
    let atlas = Atlas::builder()
        .edge_case_rules(rules)
        .open_in_memory()
        .unwrap();
    let prediction = atlas
        .predict(&Draft::new("Fax cover sheet is blank"), 1)
        .unwrap();
    assert!(
        prediction
            .edge_cases
            .iter()
            .any(|case| case.rule == "fax" && case.reason.is_some())
    );
}

#[test]
fn a_stored_prediction_answers_only_the_same_question() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let open = |rules: &str| Atlas::builder().edge_case_rules(rules).open(&path).unwrap();
    let rules = "[[rule]]\nid = \"fax\"\ndescription = \"Send it by fax\"\ncriticality = \"high\"\nwords = [\"fax\"]";
    let plain = open("");
    plain
        .tickets()
        .add(&[Ticket::new(key("FAX-1"), "Fax cover sheet is blank")])
        .unwrap();
    let without = plain.predict("FAX-1", 3).unwrap();
    let with = open(rules).predict("FAX-1", 3).unwrap();
    assert!(with.edge_cases.iter().any(|case| case.rule == "fax"));
    assert!(without.edge_cases.iter().all(|case| case.rule != "fax"));
    assert_eq!(
        open("").predict("FAX-1", 3).unwrap(),
        without,
        "the first one is still there"
    );
    assert_ne!(plain.predict("FAX-1", 4).unwrap().id, without.id);
}

#[test]
fn bad_questions_get_clear_answers() {
    let atlas = opened();
    let code = |result: Result<atlas_core::domain::Prediction>| result.unwrap_err().code();
    assert_eq!(code(atlas.predict("WRKA-999999", 5)), "TICKET_NOT_FOUND");
    assert_eq!(code(atlas.predict("DROP TABLE", 5)), "INVALID_TICKET_KEY");
    assert_eq!(code(atlas.predict("WRKA-1234", 0)), "INVALID_VALUE");
    assert_eq!(code(atlas.predict(&Draft::new("  "), 5)), "INVALID_VALUE");
    let missing = atlas
        .tickets()
        .import_file("/no/such/file", &mut silent)
        .unwrap_err();
    assert_eq!(missing.code(), "FILE_FAILED");
    assert_eq!(missing.details()["path"], "/no/such/file");
}

#[test]
fn a_stopped_import_keeps_what_it_stored_and_goes_on_later() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many.csv");
    let lines: String = (1..=2_500)
        .map(|n| format!("BIG-{n},Ticket number {n} about exports\n"))
        .collect();
    std::fs::write(&file, format!("Issue key,Summary\n{lines}")).unwrap();
    let atlas = Atlas::open(folder.path().join("work.db")).unwrap();
    let at_once = atlas
        .tickets()
        .import_file(&file, &mut |_| ControlFlow::Break(()));
    assert_eq!(at_once.unwrap_err().code(), "CANCELLED");
    assert_eq!(atlas.database().counts().unwrap().tickets, 0);
    let stopped =
        atlas.tickets().import_file(
            &file,
            &mut |_| match atlas.database().counts().unwrap().tickets {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            },
        );
    assert_eq!(stopped.unwrap_err().code(), "CANCELLED");
    let counts = atlas.database().counts().unwrap();
    assert_eq!(
        (counts.tickets, counts.unencoded),
        (1_000, 2_000),
        "the catalogue ships encoded"
    );
    let found = atlas.similar("BIG-7", &SimilarOptions::default()).unwrap();
    assert!(
        !found.is_empty(),
        "found by words before anything is encoded"
    );
    let report = atlas.tickets().import_file(&file, &mut silent).unwrap();
    assert_eq!((report.new, report.unchanged), (1_500, 1_000));
    assert_eq!(atlas.database().counts().unwrap().unencoded, 0);
}

#[test]
fn odd_tickets_are_taken_as_they_are() {
    let atlas = Atlas::open_in_memory().unwrap();
    let mut huge = Ticket::new(key("ODD-1"), "💥 Crash 🎉 naïve Größe 東京");
    huge.description = Some("lorem ipsum dolor ".repeat(60_000));
    let mut wide = Ticket::new(key("ODD-2"), "Export is wide");
    wide.components = (0..10_000).map(|n| format!("Component {n}")).collect();
    let button = Ticket::new(
        key("ODD-3"),
        "DELETE button does nothing; DROP TABLE jira_tickets",
    );
    let nameless = Ticket::new(key("ODD-4"), " ");
    let given = [huge.clone(), wide, button, nameless];
    let report = atlas.tickets().add(&given).unwrap();
    assert_eq!((report.new, report.skipped_count), (3, 1));
    assert!(report.skipped[0].reason.contains("ODD-4 has no summary"));
    assert_eq!(atlas.tickets().get("ODD-1").unwrap(), huge);
    for ticket in ["ODD-1", "ODD-2", "ODD-3"] {
        assert_eq!(
            atlas.predict(ticket, 3).unwrap().scenarios.len(),
            3,
            "{ticket}"
        );
        assert!(
            atlas.analyze(ticket).unwrap().similar_tickets.len() <= 2,
            "{ticket}"
        );
    }
    assert_eq!(atlas.analyze("ODD-2").unwrap().components.len(), 10_000);
}

#[test]
fn steps_and_minutes_follow_the_pattern_and_the_priority() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let mut pattern = TestPattern::new("Nightly export holds all rows", "Data Export");
    pattern.steps = vec![Step::new("Run the nightly export", "All rows are there")];
    pattern.avg_time_minutes = Some(30);
    atlas.patterns().add_all(&[pattern.clone()]).unwrap();
    let high = Draft::new("Nightly export misses rows").priority("Blocker");
    let prediction = atlas.predict(&high, 5).unwrap();
    assert_eq!(
        (prediction.scenarios[0].minutes, prediction.total_minutes),
        (36, 36)
    );
    assert_eq!(prediction.scenarios[0].steps, pattern.steps);
}

#[test]
fn two_objects_on_one_file_see_each_others_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let (first, second) = (Atlas::open(&path).unwrap(), Atlas::open(&path).unwrap());
    assert!(second.tickets().get("ODD-1").is_err());
    second
        .similar(&Draft::new("warm up the index"), &SimilarOptions::default())
        .unwrap();
    first
        .tickets()
        .add(&[Ticket::new(key("ODD-1"), "Printer on fire")])
        .unwrap();
    let found = second
        .similar(
            &Draft::new("fire in the printer"),
            &SimilarOptions::default(),
        )
        .unwrap();
    assert_eq!(found[0].ticket_key, key("ODD-1"));
}

#[test]
fn an_area_goes_on_answering_after_its_atlas_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let atlas = Atlas::open(&path).unwrap();
    let (tickets, learning) = (atlas.tickets(), atlas.learning());
    atlas.close();
    let ticket = Ticket::new(TicketKey::parse("WRKA-7").unwrap(), "Export is empty");
    assert_eq!(tickets.add(&[ticket]).unwrap().new, 1);
    assert_eq!(tickets.clone().list().unwrap().len(), 1);
    learning.wait_until_trained();
    assert!(!learning.status().unwrap().running);
    drop((tickets, learning));
    let again = Atlas::open(&path).unwrap();
    assert_eq!(again.tickets().list().unwrap().len(), 1);
}
