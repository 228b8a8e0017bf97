//! Every method of `Atlas`, called once: for callbacks that call the library.

use std::path::Path;
use std::sync::Arc;

use atlas_core::domain::{
    Draft, EdgeCaseAnswer, Feedback, FeedbackTarget, MemoryEntry, MemoryFilter, Missed, Outcome,
    PatternFilter, PatternProposal, ProfileChange, Progress, ProposalEdits, ReadOptions,
    SampleFiles, SessionEnd, SessionPlan, Step, TestExport, TestFormat, TestImport, TestPattern,
    Ticket, TicketImport, TicketKey, UserSettings, WorkFilter, silent,
};
use atlas_core::http::{RetryPolicy, Secret, SystemClock, Transport};
use atlas_core::jira::{Credentials, JiraClient, JiraSettings, Schedule, SyncOptions, read_issue};
use atlas_core::learning::backtest::BacktestOptions;
use atlas_core::learning::mining::DetectOptions;
use atlas_core::learning::near_duplicates::NearDuplicates;
use atlas_core::{Atlas, Error, Result, SimilarOptions};

pub const KEY: &str = "WRKA-1";

/// What became of each call.
pub struct Calls(Vec<(&'static str, Option<Error>)>);

impl Calls {
    fn note<T>(&mut self, name: &'static str, result: Result<T>) -> Option<T> {
        let (value, error) = match result {
            Ok(value) => (Some(value), None),
            Err(error) => (None, Some(error)),
        };
        self.0.push((name, error));
        value
    }

    /// The calls that had to wait for another one and gave up.
    pub fn busy(&self) -> Vec<&'static str> {
        let busy = |(name, error): &(&'static str, Option<Error>)| {
            let error = error.as_ref()?;
            ["DATABASE_BUSY", "FORKED"]
                .contains(&error.code())
                .then_some(*name)
        };
        self.0.iter().filter_map(busy).collect()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

pub fn ticket(key: &str, summary: &str) -> Ticket {
    Ticket::new(TicketKey::parse(key).unwrap(), summary)
}

/// A Jira on a transport of the test's.
pub fn jira(transport: Arc<dyn Transport>) -> JiraClient {
    let user = "me@example.com".to_owned();
    let token = Secret::new("hunter2");
    let mut settings = JiraSettings::new(
        "https://example.atlassian.net",
        Credentials::Basic { user, token },
    )
    .unwrap();
    settings.retry = RetryPolicy {
        attempts: 1,
        ..RetryPolicy::default()
    };
    JiraClient::with_transport(settings, transport, Arc::new(SystemClock)).unwrap()
}

/// Files to import, each of them small.
pub fn write_files(folder: &Path) {
    let file = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    file("tickets.csv", "Key,Summary\nWRKA-8,The menu is cut off\n");
    file(
        "patterns.csv",
        "ID,Title,Steps (Step)\nC7,Log in,Open the page\n",
    );
    file(
        "history.csv",
        "ticket,pattern,summary\nWRKA-1,C7,Export is empty\n",
    );
    let results = "<testsuite name='WRKA-1'><testcase name='Log in' time='90'/></testsuite>";
    file("results.xml", results);
    let other = Atlas::builder().starter_catalogue(false);
    let other = other.open_in_memory().unwrap();
    other
        .tickets()
        .add(&[ticket("WRKB-1", "Mail is late")])
        .unwrap();
    let pattern = other
        .patterns()
        .add(&TestPattern::new("Send a mail", "Mail"))
        .unwrap();
    other.predict("WRKB-1", 1).unwrap();
    let all = folder.join("all.jsonl");
    other.database().export_all_to(&all, &mut silent).unwrap();
    let own = Missed::new("Two mails", vec![Step::new("Send two", "")]);
    other.missed("WRKB-1", &own, None, None).unwrap();
    let mut training = Vec::new();
    other.learning().export_training(&mut training).unwrap();
    std::fs::write(folder.join("training.jsonl"), training).unwrap();
    assert!(pattern.id > 0);
}

/// Calls every method; none may wait for a call that is under way.
pub fn every_call(atlas: &Atlas, client: &JiraClient, folder: &Path) -> Calls {
    let mut calls = Calls(Vec::new());
    let at = |name: &str| folder.join(name);
    let to = tempfile::tempdir().unwrap();
    let out = |name: &str| to.path().join(name);
    tickets_and_files(atlas, &mut calls, &at);
    predictions(atlas, &mut calls);
    patterns(atlas, &mut calls, &out);
    learning(atlas, &mut calls);
    work(atlas, &mut calls, &out);
    whole(atlas, &mut calls, client, &out);
    calls
}

type At<'a> = &'a dyn Fn(&str) -> std::path::PathBuf;

fn tickets_and_files(atlas: &Atlas, calls: &mut Calls, at: At<'_>) {
    let read = serde_json::json!({"key": KEY, "fields": {"status": {"name": "Open"}}});
    let c = calls;
    c.note(
        "preview_file",
        atlas
            .database()
            .preview_file(at("tickets.csv"), &ReadOptions::default()),
    );
    c.note(
        "add_tickets",
        atlas
            .tickets()
            .add(&[ticket("WRKA-9", "The page is blank")]),
    );
    c.note(
        "add_read_tickets",
        atlas.tickets().add_read(&[read_issue(&read).unwrap()]),
    );
    c.note(
        "import_tickets",
        atlas.tickets().import_file(at("tickets.csv"), &mut silent),
    );
    let dry = TicketImport {
        dry_run: true,
        ..TicketImport::default()
    };
    c.note(
        "import_tickets_with",
        atlas
            .tickets()
            .import_file_with(at("tickets.csv"), &dry, &mut silent),
    );
    c.note(
        "import_patterns",
        atlas
            .patterns()
            .import_file(at("patterns.csv"), &mut silent),
    );
    let dry = TestImport {
        dry_run: true,
        ..TestImport::default()
    };
    c.note(
        "import_patterns_with",
        atlas
            .patterns()
            .import_file_with(at("patterns.csv"), &dry, &mut silent),
    );
    c.note(
        "import_history",
        atlas
            .learning()
            .import_history(at("history.csv"), &mut silent),
    );
    let reading = ReadOptions::default();
    c.note(
        "import_history_with",
        atlas
            .learning()
            .import_history_with(at("history.csv"), &reading, &mut silent),
    );
    c.note(
        "import_results",
        atlas
            .learning()
            .import_results(at("results.xml"), &TestImport::default(), &mut silent),
    );
    c.note(
        "import_training",
        atlas
            .learning()
            .import_training(at("training.jsonl"), &mut silent),
    );
    c.note(
        "import_all",
        atlas.database().import_all(at("all.jsonl"), &mut silent),
    );
    c.note("encode_pending", atlas.database().encode(&mut silent));
    c.note("ticket", atlas.tickets().get(KEY));
    c.note("ticket_of_row", atlas.tickets().of_row(1));
    c.note("tickets", atlas.tickets().list());
    c.note("test_runs", atlas.tickets().test_runs(KEY));
    c.note("counts", atlas.database().counts());
    c.note("model_id", atlas.database().model_id());
    c.note("schema_version", Ok(atlas.database().schema_version()));
    c.note("forget_ticket", atlas.tickets().forget("WRKA-9"));
}

fn predictions(atlas: &Atlas, calls: &mut Calls) {
    let c = calls;
    let draft = Draft::new("Login fails with an expired password");
    let options = SimilarOptions::default();
    c.note("analyze", atlas.analyze(KEY));
    c.note("analyze_draft", atlas.analyze(&draft));
    c.note("review", atlas.review(KEY));
    c.note("review_draft", atlas.review(&draft));
    let prediction = c.note("predict", atlas.predict(KEY, 3));
    c.note("predict_draft", atlas.predict(&draft, 3));
    c.note("latest_prediction", atlas.predictions().latest(KEY));
    c.note("latest_predictions", atlas.predictions().latest_of_all());
    let row = prediction
        .and_then(|p| p.scenarios.first()?.prediction_id)
        .unwrap_or(1);
    c.note("scenario", atlas.predictions().scenario(row));
    c.note("coverage_gaps", atlas.gaps(KEY, &[]));
    c.note("coverage_gaps_draft", atlas.gaps(&draft, &[]));
    c.note("similar", atlas.similar(KEY, &options));
    c.note("similar_to_draft", atlas.similar(&draft, &options));
    c.note("duplicates", atlas.duplicates(KEY, 3));
    c.note(
        "mark_not_similar",
        atlas.tickets().mark_not_similar(KEY, "WRKA-2"),
    );
    c.note(
        "unmark_not_similar",
        atlas.tickets().unmark_not_similar(KEY, "WRKA-2"),
    );
    let target = FeedbackTarget::Scenario(row);
    let given = c.note("feedback", atlas.feedback(target, &Feedback::accepted()));
    if let Some(given) = given {
        c.note("undo", atlas.undo(given.feedback_id));
    }
    let own = Missed::new("Leap day", vec![Step::new("Set 29 February", "")]);
    c.note("missed", atlas.missed(KEY, &own, None, None));
    c.note("feedback_of", atlas.predictions().feedback_of(KEY));
    c.note("recent_feedback", atlas.predictions().recent_feedback(3));
    let kept = EdgeCaseAnswer::Kept;
    let answered = atlas
        .predictions()
        .answer_edge_case(KEY, "upload-size", kept);
    if let Some(answered) = c.note("answer_edge_case", answered) {
        c.note(
            "undo_edge_case",
            atlas.predictions().undo_edge_case(answered.id),
        );
    }
    c.note(
        "edge_case_answers",
        atlas.predictions().edge_case_answers(3),
    );
    c.note("questions", atlas.predictions().questions(3));
    c.note("ask_questions", atlas.predictions().ask_questions(3));
}

fn patterns(atlas: &Atlas, calls: &mut Calls, out: At<'_>) {
    let c = calls;
    let filter = PatternFilter::default();
    c.note("patterns", atlas.patterns().list(&filter));
    c.note("pattern", atlas.patterns().get("P-1"));
    c.note(
        "add_patterns",
        atlas
            .patterns()
            .add_all(&[TestPattern::new("Zoom in", "View")]),
    );
    let added = c.note(
        "add_pattern",
        atlas.patterns().add(&TestPattern::new("Zoom out", "View")),
    );
    if let Some(added) = added {
        let id = added.id.to_string();
        c.note(
            "update_pattern",
            atlas.patterns().update(added.id, &added.pattern),
        );
        c.note(
            "rename_pattern",
            atlas.patterns().rename(&id, "Zoom far out"),
        );
        c.note("retire_pattern", atlas.patterns().retire(&id));
        c.note("reactivate_pattern", atlas.patterns().reactivate(&id));
        c.note("merge_patterns", atlas.patterns().merge("P-1", &id));
    }
    c.note("unused_patterns", atlas.patterns().unused(None));
    c.note(
        "duplicate_patterns",
        atlas.patterns().duplicates(&NearDuplicates::default()),
    );
    let found = c.note(
        "detect_patterns",
        atlas
            .patterns()
            .detect(&DetectOptions::default(), &mut silent),
    );
    if let Some(proposal) = found.unwrap_or_default().first() {
        proposed(atlas, c, proposal);
    }
    let options = TestExport::new(TestFormat::Gherkin);
    c.note(
        "export_patterns",
        atlas.patterns().export(&filter, out("a.feature"), &options),
    );
    c.note(
        "export_scenarios",
        atlas
            .predictions()
            .export(KEY, &[], out("b.feature"), &options),
    );
}

fn proposed(atlas: &Atlas, c: &mut Calls, proposal: &PatternProposal) {
    let merged = atlas.patterns().merge_proposals(proposal, proposal);
    c.note(
        "accept_proposal",
        atlas.patterns().accept(&merged, &ProposalEdits::default()),
    );
    c.note("drop_proposal", atlas.patterns().drop_proposal(proposal));
}

fn learning(atlas: &Atlas, calls: &mut Calls) {
    let c = calls;
    c.note(
        "backtest",
        atlas.backtest(&BacktestOptions::default(), &mut silent),
    );
    c.note("retrain", atlas.learning().retrain(&mut silent));
    c.note("models", atlas.learning().models());
    c.note("roll_back", atlas.learning().roll_back(None));
    c.note("training_status", atlas.learning().status());
    atlas.learning().wait_until_trained();
    let entry = MemoryEntry::text("context", "k", "dates of forms");
    let filter = MemoryFilter::default();
    c.note("memory_put", atlas.memory().put(&entry));
    c.note("memory_get", atlas.memory().get("context", "k"));
    c.note("memory_list", atlas.memory().list(&filter));
    c.note("memory_search", atlas.memory().search("dates", &filter, 3));
    c.note("memory_delete", atlas.memory().delete("context", "k"));
    c.note("memory_expire", atlas.memory().expire());
}

fn work(atlas: &Atlas, calls: &mut Calls, out: At<'_>) {
    let c = calls;
    c.note("profile", atlas.profile().get());
    c.note(
        "update_profile",
        atlas.profile().update(&ProfileChange::default()),
    );
    c.note("user_settings", atlas.profile().settings());
    c.note(
        "set_user_settings",
        atlas.profile().set_settings(&UserSettings::default()),
    );
    c.note("now", atlas.profile().now());
    c.note("greeting", atlas.play().greeting());
    c.note("standing", atlas.play().standing());
    c.note("challenge", atlas.play().challenge());
    c.note("offer_challenge", atlas.play().offer_challenge());
    c.note("activity", atlas.play().activity(3));
    c.note(
        "repair_streak",
        atlas.play().repair_streak("2024-04-30".parse().unwrap()),
    );
    c.note("rebuild_progress", atlas.play().rebuild());
    c.note(
        "set_note",
        atlas.tickets().set_note(KEY, Some("Ask about the export")),
    );
    c.note(
        "set_difficulty",
        atlas.tickets().set_difficulty(KEY, Some(3)),
    );
    c.note("note", atlas.tickets().note(KEY));
    c.note("search_notes", atlas.tickets().search_notes("export", 3));
    c.note("clear_note", atlas.tickets().clear_note(KEY));
    for outcome in [Some(true), Some(false), None] {
        let Some(session) = c.note(
            "start_session",
            atlas.sessions().start(KEY, &SessionPlan::Free),
        ) else {
            continue;
        };
        in_session(atlas, c, session.id, out);
        match outcome {
            Some(true) => c
                .note(
                    "end_session",
                    atlas.sessions().end(session.id, Outcome::Passed),
                )
                .is_some(),
            Some(false) => c
                .note(
                    "close_session",
                    atlas.sessions().close(session.id, Outcome::Failed),
                )
                .is_some(),
            None => c
                .note("cancel_session", atlas.sessions().cancel(session.id))
                .is_some(),
        };
    }
    c.note("sessions", atlas.sessions().list(3, 0));
    c.note("sessions_of", atlas.sessions().of_ticket(KEY));
    let filter = WorkFilter::default();
    c.note("my_work", atlas.tickets().work(&filter, 3, 0));
    c.note("recent_tickets", atlas.tickets().recent(3));
    c.note("work_choices", atlas.tickets().work_choices());
    c.note("result", atlas.sessions().result(1));
    c.note("quick_stats", atlas.tickets().quick_stats());
}

fn in_session(atlas: &Atlas, c: &mut Calls, id: i64, out: At<'_>) {
    c.note("session_greeting", atlas.sessions().greeting(id));
    c.note("open_session", atlas.sessions().open());
    c.note("left_open", atlas.sessions().left_open());
    c.note("session", atlas.sessions().get(id));
    c.note("session_events", atlas.sessions().events(id));
    c.note("step_done", atlas.sessions().step_done(id, 1));
    c.note("step_undone", atlas.sessions().step_undone(id, 1));
    c.note("mark_steps", atlas.sessions().mark_steps(id, &[1], true));
    let end = SessionEnd::default();
    c.note(
        "end_session_with",
        atlas.sessions().end_with(77_777, Outcome::Passed, &end),
    );
    c.note("pause_session", atlas.sessions().pause(id));
    c.note("resume_session", atlas.sessions().resume(id));
    c.note("note_in_session", atlas.sessions().note(id, "It is slow"));
    c.note("session_alive", atlas.sessions().alive(id));
    let options = TestExport::new(TestFormat::Markdown);
    c.note(
        "export_session",
        atlas
            .sessions()
            .export(id, out(&format!("{id}.md")), &options),
    );
}

fn whole(atlas: &Atlas, calls: &mut Calls, client: &JiraClient, out: At<'_>) {
    let c = calls;
    c.note("export_all", atlas.database().export_all(Vec::new()));
    let mut tell = |_: Progress| std::ops::ControlFlow::Continue(());
    c.note(
        "export_all_to",
        atlas
            .database()
            .export_all_to(out("all.jsonl.gz"), &mut tell),
    );
    c.note(
        "export_training",
        atlas.learning().export_training(Vec::new()),
    );
    c.note(
        "export_training_to",
        atlas
            .learning()
            .export_training_to(out("training-out.jsonl")),
    );
    c.note("backup", atlas.database().backup(out("copy.db")));
    c.note(
        "backup_to_folder",
        atlas.database().backup_to_folder(out("copies"), 2),
    );
    c.note("check", atlas.database().check());
    c.note("repair", atlas.database().repair(&mut silent));
    c.note("read_only", atlas.database().read_only());
    c.note("imports", atlas.database().imports());
    c.note("undo_import", atlas.database().undo_import(77_777));
    let nowhere = out("nowhere.csv");
    let sample = SampleFiles {
        tickets: &nowhere,
        patterns: &nowhere,
        history: &nowhere,
    };
    c.note(
        "load_sample",
        atlas.database().load_sample(&sample, &mut silent),
    );
    c.note("has_sample", atlas.database().has_sample());
    c.note("remove_sample", atlas.database().remove_sample());
    let options = SyncOptions::default();
    let mut go_on = |_| std::ops::ControlFlow::Continue(());
    c.note("sync", atlas.sync(client, &options, &mut go_on));
    c.note(
        "my_work_live",
        atlas
            .tickets()
            .work_live(client, &WorkFilter::default(), 3, 0),
    );
    c.note("last_sync", atlas.jira().last_sync());
    c.note("sync_status", atlas.jira().status());
    let daily = Schedule::every("1d").unwrap();
    c.note(
        "schedule_sync",
        atlas.jira().schedule(client, &options, &daily),
    );
    atlas.jira().stop();
}
