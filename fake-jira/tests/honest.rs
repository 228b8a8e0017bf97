//! The `jira` package of PyPI reads the Jira for tests without complaint; skipped where it cannot
//! be had.

use std::path::Path;
use std::process::Command;

use fake_jira::{Jira, Served, python, read};

const CLIENT: &str = "jira==3.10.5";

#[test]
#[ignore = "installs the client from PyPI; `make interop` runs it"]
fn the_jira_package_reads_both_kinds_without_complaint() {
    let Some(bin) = python(Path::new(env!("CARGO_TARGET_TMPDIR")), CLIENT) else {
        eprintln!("skipped: {CLIENT} cannot be had");
        return;
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let issues = read(&here.join("../examples/sample/tickets.jsonl")).unwrap();
    for (cloud, kind) in [(true, "Cloud"), (false, "Data Center")] {
        let mut jira = Jira::new(issues.clone());
        jira.cloud = cloud;
        jira.most = 20;
        let served = Served::start(jira, 0).unwrap();
        let mut command = Command::new(bin.join("python"));
        let output = command
            .arg(here.join("honest.py"))
            .arg(served.url())
            .output();
        let output = output.unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{kind}: {errors}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said.trim(), format!("{kind}: 65 issues, no complaint"));
    }
}
