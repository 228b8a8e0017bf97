//! A process that is killed while it syncs.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use atlas_core::Atlas;
use atlas_core::jira::SyncOptions;

use crate::bench::{assert_same, client_with, credentials, now, sample, settings, tables};
use crate::sync::go;

const FILE: &str = "ATLAS_SYNC_TEST_FILE";
const JIRA: &str = "ATLAS_SYNC_TEST_JIRA";

/// Does nothing unless started by the test below.
#[test]
fn child_process() {
    let (Ok(file), Ok(jira)) = (std::env::var(FILE), std::env::var(JIRA)) else {
        return;
    };
    sync(Path::new(&file), &jira);
}

fn sync(file: &Path, jira: &str) {
    let atlas = Atlas::builder().clock(now).open(file).unwrap();
    let mut settings = atlas_core::jira::JiraSettings::new(jira, credentials()).unwrap();
    settings.page_size = 3;
    let (client, _) = client_with(settings);
    atlas
        .sync(&client, &SyncOptions::default(), &mut go)
        .unwrap();
}

#[test]
fn twenty_kills_leave_the_same_tickets() {
    let served = sample(|jira| jira.delay = Duration::from_millis(15));
    assert_eq!(settings(&served).site.to_string(), served.url());
    let folder = tempfile::tempdir().unwrap();
    let (killed, calm) = (
        folder.path().join("killed.db"),
        folder.path().join("calm.db"),
    );
    sync(&calm, &served.url());
    let mut random = fastrand::Rng::with_seed(20);
    let mut in_the_middle = 0;
    for _ in 0..20 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child_process"])
            .env(FILE, &killed)
            .env(JIRA, served.url())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(random.u64(20..400)));
        in_the_middle += u32::from(child.try_wait().unwrap().is_none());
        // One that has finished already cannot be killed.
        let _ = child.kill();
        child.wait().unwrap();
    }
    println!("{in_the_middle} of 20 were at work when they were killed");
    sync(&killed, &served.url());
    assert_same(&tables(&killed), &tables(&calm));
}
