//! Backups, restoring, everything out and in, other tools' formats, memory, profile and settings on the command line.

mod desk;

use desk::Desk;

#[test]
fn a_backup_comes_back() {
    let desk = Desk::with_sample();
    let made = desk.json(&["backup", "copies", "--keep", "2"]);
    let copy = made["backup"].as_str().unwrap();
    assert!(copy.contains("atlas.backup-"), "{copy}");
    assert_eq!(made["removed"].as_array().unwrap().len(), 0);
    desk.json(&["forget", "WRKA-1234"]);
    let restored = desk.json(&["restore", copy]);
    assert_eq!(restored["replaced"], "atlas.db.replaced");
    assert_eq!(desk.json(&["info"])["observations"], 111);
    let again = desk.text(&["restore", copy]);
    assert!(again.contains("kept as atlas.db.replaced-2"), "{again}");
    std::fs::write(desk.path("letter.txt"), "dear").unwrap();
    let (code, error) = desk.error(&["restore", "letter.txt"]);
    assert_eq!((code, &error["code"]), (1, &"NOT_A_DATABASE".into()));
    let (_, error) = desk.error(&["backup", "copies", "--keep", "0"]);
    assert_eq!(error["details"]["field"], "keep");
}

#[test]
fn a_repair_keeps_a_copy_and_says_what_is_left() {
    let desk = Desk::with_sample();
    assert!(
        desk.text(&["check", "--repair"])
            .contains("nothing was to be repaired")
    );
    let spoiled = rusqlite::Connection::open(desk.path("atlas.db")).unwrap();
    let sql = "UPDATE test_patterns SET frequency = 'often' WHERE id =
                   (SELECT min(pattern_id) FROM atlas_observations)";
    spoiled.execute_batch(sql).unwrap();
    spoiled.close().unwrap();
    let repair = desk.json(&["check", "--repair"]);
    assert_eq!(repair["left"].as_array().unwrap().len(), 0);
    assert_eq!(repair["repaired"].as_array().unwrap().len(), 2);
    let copy = repair["copy"].as_str().unwrap();
    assert!(copy.ends_with("atlas.before-repair.db"), "{copy}");
    assert!(desk.path("atlas.before-repair.db").exists());
    assert_eq!(desk.json(&["check"])["sound"], true);
}

#[test]
fn everything_goes_out_and_in() {
    let desk = Desk::with_sample();
    let out = desk.json(&["export-all", "all.jsonl.gz"]);
    assert_eq!(out["rows"]["jira_tickets"], 65);
    let (_, error) = desk.error(&["export-all", "all.jsonl.gz"]);
    assert_eq!(error["code"], "INVALID_VALUE");
    let into = desk.json(&["--db", "new.db", "import-all", "all.jsonl.gz"]);
    assert_eq!(into["rows"], out["rows"]);
    let counts = |db: &str| {
        let info = desk.json(&["--db", db, "info"]);
        ["tickets", "patterns", "observations", "unencoded"].map(|name| info[name].clone())
    };
    assert_eq!(counts("new.db"), counts("atlas.db"));
    assert_eq!(
        desk.text(&["--db", "new.db", "export-all", "-"]),
        desk.text(&["export-all", "-"])
    );
    let (_, error) = desk.error(&["--db", "new.db", "import-all", "all.jsonl.gz"]);
    assert_eq!(error["code"], "DATABASE_NOT_EMPTY");
    desk.error(&["--db", "none.db", "import-all", "missing.jsonl"]);
    assert!(!desk.path("none.db").exists());
}

#[test]
fn things_are_remembered_and_forgotten() {
    let desk = Desk::with_sample();
    desk.json(&[
        "memory",
        "put",
        "context",
        "export",
        "umlauts break in the CSV export",
    ]);
    desk.json(&[
        "memory",
        "put",
        "session",
        "WRKA-7",
        r#"{"outcome":"failed"}"#,
        "--is-json",
    ]);
    let hits = desk.json(&[
        "memory",
        "search",
        "character encoding of files",
        "--limit",
        "1",
    ]);
    assert_eq!(hits["entries"][0]["key"], "export");
    assert!(
        desk.text(&["memory", "list", "--type", "context"])
            .contains("umlauts break")
    );
    assert_eq!(
        desk.text(&["memory", "get", "session", "WRKA-7"]),
        "{\"outcome\":\"failed\"}\n"
    );
    assert_eq!(
        desk.json(&["memory", "delete", "session", "WRKA-7"])["deleted"],
        true
    );
    assert_eq!(desk.json(&["memory", "expire"])["expired"], 0);
    for wrong in [
        &["memory", "get", "session", "WRKA-7"][..],
        &["memory", "put", "context", "k", "{", "--is-json"],
        &["memory", "put", "context", " ", "v"],
        &[
            "memory",
            "put",
            "context",
            "k",
            "v",
            "--expires",
            "2001-01-01",
        ],
    ] {
        assert_eq!(desk.error(wrong).1["code"], "INVALID_VALUE", "{wrong:?}");
    }
}

#[test]
fn a_tester_says_who_they_are_and_how_they_work() {
    let desk = Desk::with_sample();
    assert_eq!(desk.json(&["profile"])["username"], "tester");
    let profile = [
        "profile",
        "--name",
        "Kayla",
        "--personality",
        "hype_man",
        "--theme",
        "dark",
    ];
    assert_eq!(desk.json(&profile)["coach_personality"], "hype_man");
    assert!(desk.text(&["profile"]).starts_with("Kayla\n"));
    assert_eq!(
        desk.error(&["profile", "--email", "kayla"]).1["code"],
        "INVALID_VALUE"
    );
    assert_eq!(
        desk.run(&["profile", "--personality", "nice"])
            .status
            .code(),
        Some(2)
    );
    let set = desk.json(&[
        "settings",
        "--day-start",
        "4",
        "--time-zone",
        "Europe/Berlin",
        "--assignee",
        "Kayla Gilbert",
        "--weight",
        "neural=0.5",
    ]);
    assert_eq!(
        (&set["day_start"], &set["weights"]["neural"]),
        (&4.into(), &0.5.into())
    );
    let text = desk.text(&[
        "settings",
        "--weight",
        "neural=default",
        "--time-zone",
        "system",
    ]);
    assert!(
        text.contains("4:00") && text.contains("Kayla Gilbert"),
        "{text}"
    );
    assert!(
        text.contains("the system's") && !text.contains("neural"),
        "{text}"
    );
    for wrong in [
        ["settings", "--day-start", "24"],
        ["settings", "--time-zone", "Berlin"],
        ["settings", "--weight", "neural=-1"],
        ["settings", "--weight", "neurla=1"],
    ] {
        assert_eq!(desk.error(&wrong).1["code"], "INVALID_VALUE", "{wrong:?}");
    }
}

#[test]
fn test_cases_and_results_of_other_tools_go_in_and_out() {
    let desk = Desk::with_sample();
    std::fs::write(
        desk.path("cases.csv"),
        "ID,Title,Section,Steps (Step)\nC7,Log in again,Login,Open\nC8,,Login,Open\n",
    )
    .unwrap();
    let dry = desk.text(&["import-patterns", "cases.csv", "--dry-run"]);
    assert!(
        dry.contains("testrail-csv") && dry.contains("dry run"),
        "{dry}"
    );
    let done = desk.json(&["import-patterns", "cases.csv"]);
    assert_eq!(done["files"][0]["new"], 1, "{done}");
    std::fs::write(
        desk.path("run.xml"),
        "<testsuite name='WRKA-1234'><testcase name='Log in again' time='90'/></testsuite>",
    )
    .unwrap();
    let run = desk.json(&["import-results", "run.xml"]);
    assert_eq!(run["files"][0]["linked"], 1, "{run}");
    desk.json(&["predict", "WRKA-1234"]);
    let feature = ["export", "a.feature", "--format", "gherkin"];
    let one = desk.json(&[&feature[..], &["--ticket", "WRKA-1234", "--scenario", "1"]].concat());
    assert_eq!(one["created"], 1);
    let (_, error) = desk.error(&feature);
    assert_eq!(error["code"], "INVALID_VALUE", "it exists");
    let all = desk.text(&[&feature[..], &["--overwrite", "--find", "log in again"]].concat());
    assert!(all.contains("gherkin"), "{all}");
    assert!(
        std::fs::read_to_string(desk.path("a.feature"))
            .unwrap()
            .contains("@id:C7")
    );
    for command in ["import-patterns", "import-results", "export"] {
        let help = desk.text(&[command, "--help"]);
        assert!(
            help.contains("Formats") && help.contains("xray-dc"),
            "{help}"
        );
    }
}

#[test]
fn imports_are_listed_and_taken_back() {
    let desk = Desk::new();
    assert!(
        !desk.run(&["imports"]).status.success(),
        "it makes no database"
    );
    std::fs::write(
        desk.path("one.csv"),
        "Issue key,Summary\nWRKA-1,One\nWRKA-2,Two\n",
    )
    .unwrap();
    std::fs::write(desk.path("two.csv"), "Issue key,Summary\nWRKA-2,Changed\n").unwrap();
    let said = desk.text(&["import", "one.csv"]);
    assert!(
        said.contains("Take it back: atlas undo-import 1\n"),
        "{said}"
    );
    assert!(
        !desk
            .text(&["import", "two.csv", "--dry-run"])
            .contains("Take it back")
    );
    desk.text(&["import", "two.csv"]);
    let listed = desk.text(&["imports"]);
    assert!(
        listed.contains("two.csv") && listed.contains("complete"),
        "{listed}"
    );
    let imports = desk.json(&["imports"]);
    assert_eq!(imports["imports"][1]["new"]["tickets"], 2);
    assert_eq!(imports["imports"][0]["updated"]["tickets"], 1);
    let said = desk.text(&["undo-import", "1"]);
    assert!(
        said.starts_with("Taken back: import 1, one.csv\n  1 ticket removed\n"),
        "{said}"
    );
    assert!(
        said.contains("ticket WRKA-2: import 2 (two.csv) has it too"),
        "{said}"
    );
    let undone = desk.json(&["undo-import", "2"]);
    assert_eq!(
        (&undone["removed"]["tickets"], &undone["record"]["state"]),
        (&1.into(), &"undone".into())
    );
    let (code, error) = desk.error(&["undo-import", "2"]);
    assert_eq!((code, &error["code"]), (1, &"IMPORT_NOT_FOUND".into()));
}

#[test]
fn the_sample_comes_and_goes() {
    let desk = Desk::new();
    std::fs::write(desk.path("one.csv"), "Issue key,Summary\nOWN-1,One\n").unwrap();
    desk.text(&["import", "one.csv"]);
    let held = |desk: &Desk| {
        let info = desk.json(&["info"]);
        ["tickets", "patterns", "observations"].map(|name| info[name].clone())
    };
    let before = held(&desk);
    let said = desk.text(&["sample"]);
    assert!(said.contains("atlas sample remove"), "{said}");
    assert!(desk.text(&["imports"]).contains("(sample)"));
    desk.json(&["predict", "OWN-1"]);
    let undone = desk.json(&["sample", "remove"]);
    assert_eq!(undone["undone"].as_array().unwrap().len(), 3);
    assert_eq!(held(&desk), before);
    assert_eq!(desk.text(&["sample", "remove"]), "No sample is loaded.\n");
}

/// The names of all files in a desk's folder, with what is in them.
fn all(desk: &Desk) -> std::collections::BTreeMap<std::ffi::OsString, Vec<u8>> {
    let entries = std::fs::read_dir(desk.0.path()).unwrap();
    let files = entries.map(Result::unwrap).filter(|e| e.path().is_file());
    files
        .map(|e| (e.file_name(), std::fs::read(e.path()).unwrap()))
        .collect()
}

#[test]
fn a_database_is_only_read_where_that_is_wanted() {
    let desk = Desk::with_sample();
    let before = all(&desk);
    let info = desk.json(&["--read-only", "info"]);
    let reason = "it was opened only for reading";
    assert_eq!(info["read_only"]["reason"], reason);
    assert!(desk.text(&["--read-only", "info"]).contains(reason));
    assert_eq!(desk.json(&["check", "--read-only"])["sound"], true);
    let prediction = desk.json(&["--read-only", "predict", "WRKA-1234"]);
    assert!(prediction["prediction_id"].is_null(), "{prediction}");
    assert_eq!(prediction["predictions"].as_array().unwrap().len(), 5);
    let text = desk.text(&["--read-only", "predict", "WRKA-1234"]);
    assert!(text.contains("Not stored"), "{text}");
    let text = desk.text(&["--read-only", "challenge"]);
    assert!(text.contains("only read"), "{text}");
    desk.text(&["--read-only", "today"]);
    desk.text(&["--read-only", "export-all", "-"]);
    let tickets = desk::sample("tickets.jsonl");
    let tickets = tickets.to_str().unwrap();
    for refused in [
        &["--read-only", "note", "WRKA-1234", "x"][..],
        &["--read-only", "feedback", "WRKA-1234", "1", "accepted"],
        &["--read-only", "import", tickets],
        &["--read-only", "restore", "atlas.db"],
        &["--read-only", "retrain"],
    ] {
        let (code, error) = desk.error(refused);
        assert_eq!(code, 1, "{refused:?}");
        // Nothing was predicted and stored that an answer could be about.
        let known = ["READ_ONLY_DATABASE", "INVALID_VALUE"];
        let said = error["code"].as_str().unwrap();
        assert!(known.contains(&said), "{refused:?}: {error}");
    }
    assert_eq!(all(&desk), before);
    let (_, error) = desk.error(&["--read-only", "--db", "none.db", "import", tickets]);
    assert_eq!(error["code"], "FILE_FAILED");
    assert_eq!(all(&desk), before);
    assert_eq!(desk.json(&["info"])["read_only"], serde_json::Value::Null);
}

#[test]
fn a_rebuild_says_what_it_wrote() {
    let desk = Desk::with_sample();
    let rebuilt = desk.text(&["rebuild"]);
    assert!(rebuilt.starts_with("Wrote "), "{rebuilt}");
    let rebuilt = desk.json(&["rebuild"]);
    assert_eq!(rebuilt["rows_written"], 0);
    assert!(desk.text(&["rebuild"]).starts_with("Nothing changed"));
}

#[cfg(unix)]
#[test]
fn names_that_are_not_text_are_taken() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::with_sample();
    let odd = |name: &[u8]| desk.0.path().join(OsStr::from_bytes(name));
    for (from, to) in [
        ("tickets.jsonl", &b"t\xff.jsonl"[..]),
        ("patterns.csv", b"p\xff.csv"),
        ("history.csv", b"h\xff.csv"),
    ] {
        std::fs::copy(desk::sample(from), odd(to)).unwrap();
    }
    std::fs::copy(desk.path("atlas.db"), odd(b"d\xff.db")).unwrap();
    std::fs::write(
        odd(b"r\xff.xml"),
        r#"<testsuite name="WRKA-1234"><testcase name="Log in"/></testsuite>"#,
    )
    .unwrap();
    std::fs::write(odd(b"s\xff.txt"), "Open the page\n").unwrap();
    std::fs::write(odd(b"e\xff.toml"), "").unwrap();
    let run = |before: &[&str], file: &[u8], after: &[&str]| {
        let mut outcome = Vec::new();
        for json in [&[][..], &["--json"]] {
            let mut command = desk.command(before);
            command.arg(OsStr::from_bytes(file)).args(after).args(json);
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_ne!(output.status.code(), Some(101), "{before:?}: {said}");
            assert!(!said.contains("panicked"), "{before:?}: {said}");
            if !json.is_empty() {
                let told = if output.stdout.is_empty() {
                    output.stderr
                } else {
                    output.stdout
                };
                assert!(
                    serde_json::from_slice::<serde_json::Value>(&told).is_ok(),
                    "{before:?}"
                );
            }
            outcome.push(output.status.success());
        }
        outcome.contains(&true)
    };
    for (before, file, after) in [
        (&["import"][..], &b"t\xff.jsonl"[..], &[][..]),
        (&["import-patterns"], b"p\xff.csv", &[]),
        (&["import-history"], b"h\xff.csv", &[]),
        (&["import-results"], b"r\xff.xml", &[]),
        (&["export"], b"x\xff.csv", &["--format", "csv"]),
        (&["predict", "WRKA-1234", "--rules"], b"e\xff.toml", &[]),
        (&["training", "export"], b"o\xff.jsonl", &[]),
        (&["training", "import"], b"o\xff.jsonl", &[]),
        (&["backup"], b"b\xff.db", &[]),
        (&["backup", "--keep", "1"], b"folder\xff", &[]),
        (&["restore"], b"b\xff.db", &[]),
        (&["export-all"], b"a\xff.jsonl", &[]),
        (&["--db", "new.db", "import-all"], b"a\xff.jsonl", &[]),
        (&["backtest", "--svg"], b"c\xff.svg", &[]),
        (&["--db"], b"d\xff.db", &["info"]),
        (&["--db"], b"d\xff.db", &["predict", "WRKA-1234"]),
        (&["--read-only", "--db"], b"d\xff.db", &["check"]),
        (&["--db"], b"d\xff.db", &["backup", "of-odd.db"]),
        (&["--db"], b"n\xff.db", &["import", "missing.jsonl"]),
        (
            &["feedback", "WRKA-1234", "1", "modified", "--steps"],
            b"s\xff.txt",
            &[],
        ),
        (&["sync", "--ca-file"], b"s\xff.txt", &[]),
    ] {
        let worked = run(before, file, after);
        let fails = matches!(before.first(), Some(&"sync")) || after.contains(&"missing.jsonl");
        assert_eq!(worked, !fails, "{before:?} {after:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_too_many_files_are_told_as_such() {
    let desk = Desk::with_sample();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = desk.command(&["--json", "info"]);
    let output = command.stdout(full).output().unwrap();
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["error"]["code"], "DISK_FULL", "{error}");
    for handles in [7, 8, 9] {
        let limited = format!("ulimit -n {handles}; exec \"$0\" --json note WRKA-1234 x");
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &limited, env!("CARGO_BIN_EXE_atlas")]);
        let output = shell.current_dir(desk.0.path()).output().unwrap();
        let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(error["error"]["code"], "TOO_MANY_FILES", "{error}");
    }
}
