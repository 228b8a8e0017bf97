//! 10,000 patterns in and out take at most two seconds. What is new is encoded besides, as by
//! every import; a dry run stores all, takes it back and encodes nothing.

use std::time::{Duration, Instant};

use atlas_core::domain::{PatternFilter, TestExport, TestFormat, TestImport, TestPattern, silent};
use atlas_core::exchange::cases;

use super::{Folder, counts, empty, step};

/// `cargo test --release -p atlas-core --test exchange speed -- --ignored --nocapture`
#[test]
#[ignore = "measures; needs a release build and a quiet machine"]
fn ten_thousand_patterns_in_and_out() {
    let (atlas, folder) = (empty(), Folder::new());
    let pattern = |n: usize| {
        let mut pattern = TestPattern::new(
            format!("Case {n} keeps umlauts"),
            format!("Type {}", n % 20),
        );
        pattern.key = Some(format!("MM-T{n}"));
        pattern.component = Some(format!("Component {}", n % 7));
        pattern.objective = Some(format!("Whether export {n} is whole"));
        pattern.labels = vec!["smoke".into()];
        pattern.steps = (0..4)
            .map(|s| step(&format!("Do part {s} of {n}"), "It is done", "Jörg"))
            .collect();
        pattern
    };
    let patterns: Vec<TestPattern> = (0..10_000).map(pattern).collect();
    atlas.patterns().add_all(&patterns).unwrap();
    let mut worst = Duration::ZERO;
    for format in TestFormat::ALL
        .into_iter()
        .filter(|format| format.is_written())
    {
        let ending = if format == TestFormat::Gherkin {
            ".feature"
        } else {
            ""
        };
        let path = folder.path(&format!("{}{ending}", format.as_str()));
        let options = TestExport {
            project: Some("WRKA".into()),
            ..TestExport::new(format)
        };
        let start = Instant::now();
        let report = atlas
            .patterns()
            .export(&PatternFilter::default(), &path, &options)
            .unwrap();
        let out = start.elapsed();
        worst = worst.max(out);
        assert!(report.items.iter().all(|item| item.not_held.is_empty()));
        let mut parts = [Duration::ZERO; 3];
        if format.holds_patterns() {
            let other = empty();
            let start = Instant::now();
            for file in &report.files {
                cases::read(file, &TestImport::default()).unwrap();
            }
            parts[0] = start.elapsed();
            let start = Instant::now();
            let dry = TestImport {
                dry_run: true,
                ..TestImport::default()
            };
            for file in &report.files {
                other
                    .patterns()
                    .import_file_with(file, &dry, &mut silent)
                    .unwrap();
            }
            parts[1] = start.elapsed();
            let start = Instant::now();
            for file in &report.files {
                let report = atlas
                    .patterns()
                    .import_file_with(file, &dry, &mut silent)
                    .unwrap();
                assert_eq!(counts(&report)[2], report.items.len() as u64);
            }
            parts[2] = start.elapsed();
            worst = worst.max(parts[1]).max(parts[2]);
        }
        let [read, stored, again] = parts;
        println!(
            "{:14} out {out:.2?}, read {read:.2?}, stored new {stored:.2?}, stored again {again:.2?}",
            format.as_str()
        );
    }
    assert!(worst <= Duration::from_secs(2), "{worst:?}");
}
