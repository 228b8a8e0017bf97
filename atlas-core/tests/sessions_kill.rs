//! A process that is killed in the middle of a tester's work loses nothing that had returned, and
//! leaves nothing half done.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use atlas_core::Atlas;
use atlas_core::domain::{Feedback, FeedbackTarget, Outcome, SessionPlan, Ticket, TicketKey};

/// Where the child process works; not set for the test itself.
const FOLDER: &str = "ATLAS_SESSIONS_TEST_FOLDER";
const KILLS: u64 = 8;

fn open(folder: &Path) -> Atlas {
    Atlas::builder()
        .retrain_after(None)
        .open(folder.join("work.db"))
        .unwrap()
}

/// Does nothing unless started by the test below: works until it is killed, and writes a line for
/// every call that has returned.
#[test]
fn child_process() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let atlas = open(folder);
    let mut log = File::options()
        .append(true)
        .create(true)
        .open(folder.join("returned"))
        .unwrap();
    let mut returned = |line: String| {
        log.write_all(format!("{line}\n").as_bytes()).unwrap();
    };
    if let Some(open) = atlas.sessions().open().unwrap() {
        atlas.sessions().cancel(open.id).unwrap();
        returned(format!("cancelled {}", open.id));
    }
    loop {
        let prediction = atlas.predict("SHOP-1", 2).unwrap();
        let plan = SessionPlan::Prediction(prediction.id.unwrap());
        let id = atlas.sessions().start("SHOP-1", &plan).unwrap().id;
        returned(format!("started {id}"));
        for step in 1..=3 {
            atlas.sessions().step_done(id, step).unwrap();
            returned(format!("step {id} {step}"));
        }
        atlas.sessions().end(id, Outcome::Passed).unwrap();
        returned(format!("ended {id}"));
        let target = FeedbackTarget::Scenario(prediction.scenarios[0].prediction_id.unwrap());
        let receipt = atlas.feedback(target, &Feedback::accepted()).unwrap();
        returned(format!("feedback {}", receipt.feedback_id));
        atlas
            .tickets()
            .set_note("SHOP-1", Some(&format!("after {id}")))
            .unwrap();
        returned(format!("note {id}"));
    }
}

#[test]
fn nothing_that_had_returned_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let atlas = open(folder.path());
    let ticket = Ticket::new(TicketKey::parse("SHOP-1").unwrap(), "Login fails");
    atlas.tickets().add(&[ticket]).unwrap();
    atlas.predict("SHOP-1", 2).unwrap();
    drop(atlas);
    for round in 0..KILLS {
        let before = lines(folder.path());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_process"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Not before it works; then at another place of its round each time.
        let patience = Instant::now() + Duration::from_secs(60);
        while lines(folder.path()) <= before + round as usize && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        check(folder.path());
    }
}

fn lines(folder: &Path) -> usize {
    let text = fs::read_to_string(folder.join("returned"));
    text.map_or(0, |text| text.lines().count())
}

fn check(folder: &Path) {
    let atlas = open(folder);
    assert_eq!(atlas.database().check().unwrap(), Vec::<String>::new());
    let returned = fs::read_to_string(folder.join("returned")).unwrap();
    assert!(!returned.is_empty());
    let feedback = atlas.predictions().recent_feedback(10_000).unwrap();
    for line in returned.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let id: i64 = words[1].parse().unwrap();
        match words[0] {
            "started" => drop(atlas.sessions().get(id).unwrap()),
            "step" => {
                let session = atlas.sessions().get(id).unwrap();
                let step = words[2].parse().unwrap();
                assert!(session.steps_done.contains(&step), "{line}");
            }
            "ended" => assert!(
                atlas.sessions().get(id).unwrap().outcome.is_some(),
                "{line}"
            ),
            "cancelled" => assert!(!atlas.sessions().get(id).unwrap().is_open(), "{line}"),
            "feedback" => assert!(feedback.iter().any(|f| f.feedback_id == id), "{line}"),
            _ => {}
        }
    }
    // What is derived says what the log says.
    let (rows, profile) = (
        atlas.sessions().list(1_000, 0).unwrap(),
        atlas.profile().get().unwrap(),
    );
    let standing = atlas.play().standing().unwrap();
    assert_eq!(profile.xp_total, standing.xp);
    assert_eq!(atlas.play().rebuild().unwrap().standing, standing);
    assert_eq!(atlas.sessions().list(1_000, 0).unwrap(), rows);
    let last = returned
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("note "));
    if let Some(last) = last {
        let note = atlas
            .tickets()
            .note("SHOP-1")
            .unwrap()
            .unwrap()
            .note
            .unwrap();
        let noted: i64 = note.strip_prefix("after ").unwrap().parse().unwrap();
        assert!(noted >= last.parse().unwrap());
    }
}
