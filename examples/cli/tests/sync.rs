//! `atlas sync` against a Jira for tests.

mod desk;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use desk::{Desk, sample};
use fake_jira::{Fault, Jira, Served, TOKEN, USER, read};
use serde_json::Value;

fn jira() -> Served {
    let issues = read(&sample("tickets.jsonl")).unwrap();
    Served::start(Jira::new(issues), 0).unwrap()
}

/// Without variables of the machine's own.
fn command(desk: &Desk, args: &[&str]) -> Command {
    let mut command = desk.command(args);
    for name in [
        "JIRA_INSTANCE_URL",
        "JIRA_USER_EMAIL",
        "JIRA_API_KEY",
        "JIRA_API_BASE_URL",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

fn settings(desk: &Desk, url: &str) {
    let text =
        format!("JIRA_INSTANCE_URL={url}\nJIRA_USER_EMAIL=\"{USER}\"\nJIRA_API_KEY={TOKEN}\n");
    std::fs::write(desk.path(".env"), text).unwrap();
}

fn shown(output: &std::process::Output) -> String {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8(text).unwrap()
}

#[test]
fn it_reads_env_and_brings_tickets() {
    let (served, desk) = (jira(), Desk::new());
    settings(&desk, &served.url());
    let output = command(&desk, &["sync"]).output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    let text = shown(&output);
    assert!(text.contains("65 new") && text.contains("Next: "), "{text}");
    let output = command(&desk, &["sync", "--json"]).output().unwrap();
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["sync"]["new"], 0);
    assert_eq!(value["sync"]["full"], false);
    assert!(desk.text(&["show", "WRKA-1234"]).contains("WRKA-1234"));
}

#[test]
fn only_a_project_or_a_query() {
    let (served, desk) = (jira(), Desk::new());
    settings(&desk, &served.url());
    let of = |args: &[&str]| -> u64 {
        let all = [&["sync", "--json"], args].concat();
        let output = command(&desk, &all).output().unwrap();
        let value: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
        value["sync"]["new"].as_u64().unwrap()
    };
    let wmb = of(&["--project", "wmb"]);
    assert!((1..65).contains(&wmb));
    assert_eq!(of(&["--jql", "project = WMB"]), 0);
    assert_eq!(of(&["--project", "WMB", "--project", "WRKA"]), 65 - wmb);
}

#[test]
fn what_is_wrong_is_said_and_leaves_nothing_behind() {
    let (served, desk) = (jira(), Desk::new());
    let failed = |args: &[&str]| {
        let output = command(&desk, args).output().unwrap();
        assert!(!output.status.success());
        assert!(!desk.path("atlas.db").exists());
        let text = shown(&output);
        assert!(!text.contains(TOKEN), "{text}");
        text
    };
    assert!(failed(&["sync"]).contains("JIRA_INSTANCE_URL"));
    settings(&desk, "http://jira.example.com");
    assert!(failed(&["sync"]).contains("https"));
    settings(&desk, &served.url());
    served.jira().fault(Fault::Anonymous);
    assert!(failed(&["sync"]).contains("check address, e-mail and API token"));
    assert!(failed(&["sync", "--json"]).contains("JIRA_UNAUTHORIZED"));
    std::fs::write(desk.path(".env"), format!("JIRA_API_KEY {TOKEN}\n")).unwrap();
    assert!(failed(&["sync"]).contains("NAME=value"));
    assert!(failed(&["sync", "--every", "soon"]).contains("15m"));
}

#[test]
fn every_goes_on() {
    let (served, desk) = (jira(), Desk::new());
    settings(&desk, &served.url());
    let mut child = command(&desk, &["sync", "--every", "1s"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    let asked = || served.jira().searches;
    while asked() < 6 && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(child.try_wait().unwrap().is_none(), "it goes on");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(asked() >= 6);
}
