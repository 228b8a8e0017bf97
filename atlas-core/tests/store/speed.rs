//! How long large stores take. Not asserted: machines differ.
//!
//! `cargo test -p atlas-core --test store speed -- --ignored --nocapture`

use std::io::{BufRead, BufReader};
use std::time::Instant;

use atlas_core::domain::{
    Observation, ObservationOrigin, TestPattern, Ticket, TicketFields, TicketKey, Verdict,
};
use atlas_core::store::{Field, Owner, Repositories, Store};
use serde_json::Value;

const DATA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/data/titanium/issues.jsonl.gz"
);

/// The real tickets, or as many made-up ones.
fn tickets() -> Vec<Ticket> {
    let Ok(file) = std::fs::File::open(DATA) else {
        println!("{DATA} is missing: made-up tickets instead");
        return (1..=22_371)
            .map(|n| super::ticket(&format!("WRKA-{n}")))
            .collect();
    };
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines
        .map(|line| ticket_of(&serde_json::from_str(&line.unwrap()).unwrap()))
        .collect()
}

fn ticket_of(issue: &Value) -> Ticket {
    let fields = &issue["fields"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let names = |value: &Value, name: fn(&Value) -> &Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|v| text(name(v)))
            .collect()
    };
    let time = |value: &Value| value.as_str()?.parse().ok();
    Ticket {
        jira_id: text(&issue["id"]),
        description: text(&fields["description"]),
        ticket_type: text(&fields["issuetype"]["name"]).unwrap_or_default(),
        status: text(&fields["status"]["name"]).unwrap_or_default(),
        priority: text(&fields["priority"]["name"]),
        reporter: text(&fields["reporter"]["displayName"]),
        components: names(&fields["components"], |c| &c["name"]),
        labels: names(&fields["labels"], |l| l),
        created: time(&fields["created"]),
        updated: time(&fields["updated"]),
        ..Ticket::new(
            TicketKey::parse(issue["key"].as_str().unwrap()).unwrap(),
            text(&fields["summary"]).unwrap_or_default(),
        )
    }
}

fn timed<T>(what: &str, f: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = f();
    println!("{what}: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    value
}

fn import(store: &Store, tickets: &[Ticket]) {
    for chunk in tickets.chunks(1000) {
        store
            .write(|db| {
                for ticket in chunk {
                    db.tickets().upsert(ticket, TicketFields::ALL)?;
                }
                Ok(())
            })
            .unwrap();
    }
}

/// Two documents per ticket; one text in nine is another one's.
fn encode(store: &Store, count: i64) {
    let terms = [7_u8; 600];
    store
        .write(|db| {
            let documents = db.documents();
            for id in 1..=count {
                let hash = |field: i64| ((id * 2 + field) % (count * 2 * 8 / 9)) as u128 * 7919;
                documents.put(Owner::Ticket, id, Field::Name, hash(0), &terms[..60], "m")?;
                documents.put(Owner::Ticket, id, Field::Whole, hash(1), &terms, "m")?;
            }
            Ok(())
        })
        .unwrap();
    loop {
        let pending = store
            .read(|db| db.documents().pending("m", None, 1000))
            .unwrap();
        if pending.is_empty() {
            return;
        }
        store
            .write(|db| {
                for document in pending {
                    db.documents()
                        .put_vector("m", document.text_hash, &[1; 388])?;
                }
                Ok(())
            })
            .unwrap();
    }
}

#[test]
#[ignore = "measures"]
fn speed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.db");
    let tickets = tickets();
    let count = tickets.len() as i64;
    let store = Store::open(&path).unwrap();
    timed("import", || import(&store, &tickets));
    timed("import again, nothing changed", || import(&store, &tickets));
    timed("store and encode documents", || encode(&store, count));
    drop(store);
    let store = timed("open", || Store::open(&path).unwrap());
    for round in ["first", "second"] {
        store
            .read(|db| {
                let mut sum = 0;
                timed(&format!("{round}: vectors"), || {
                    db.documents()
                        .for_each_vector("m", &mut |vector| sum += vector.codes.len())
                })?;
                timed(&format!("{round}: documents"), || {
                    db.documents()
                        .for_each("m", Owner::Ticket, &mut |document| {
                            sum += document.terms.len();
                            sum += usize::from(document.vector_id.is_some());
                        })
                })?;
                timed(&format!("{round}: headers"), || {
                    db.tickets()
                        .for_each_header(&mut |header| sum += header.labels.len())
                })?;
                timed(&format!("{round}: whole tickets"), || {
                    db.tickets().for_each(&mut |ticket| {
                        sum += ticket.value.summary.len();
                        Ok(())
                    })
                })?;
                println!("{round}: {sum} bytes and rows");
                timed(&format!("{round}: pending_count"), || {
                    db.documents().pending_count("m", None)
                })?;
                timed(&format!("{round}: pending_count, another model"), || {
                    db.documents().pending_count("n", None)
                })?;
                timed(&format!("{round}: recent"), || db.tickets().recent(50))?;
                timed(&format!("{round}: by_key"), || {
                    db.tickets().by_key(&tickets[9].key)
                })?;
                Ok(())
            })
            .unwrap();
    }
    timed("change_stamp, 1000 times", || {
        for _ in 0..1000 {
            store.change_stamp().unwrap();
        }
    });
    println!("file: {} bytes", std::fs::metadata(&path).unwrap().len());
}

#[test]
#[ignore = "measures"]
fn speed_of_observations() {
    const TICKETS: i64 = 20_000;
    for patterns in [500, 1] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("work.db")).unwrap();
        let put = |db: &Repositories<'_>| {
            for n in 1..=TICKETS {
                let ticket = super::ticket(&format!("WRKA-{n}"));
                db.tickets().upsert(&ticket, TicketFields::ALL)?;
            }
            for n in 1..=patterns {
                let pattern = TestPattern::new(format!("Pattern {n}"), "Form");
                db.patterns().upsert(&pattern)?;
            }
            Ok(())
        };
        store.write(put).unwrap();
        let observation = |n: i64| Observation {
            ticket_id: n,
            pattern_id: n % patterns + 1,
            verdict: Verdict::Right,
            origin: ObservationOrigin::History,
            observed_at: Some(super::time("2024-05-01T09:30:00Z")),
            minutes: Some(30),
        };
        timed(&format!("20,000 of {patterns} patterns, by 1,000"), || {
            for batch in 0..TICKETS / 1000 {
                let add = |db: &Repositories<'_>| {
                    (1..=1000).try_for_each(|n| {
                        let one = observation(batch * 1000 + n);
                        db.observations().add_uncounted(&one, None).map(|_| ())
                    })
                };
                store.write(add).unwrap();
            }
        });
        let one = Observation {
            origin: ObservationOrigin::Session,
            ..observation(1)
        };
        timed("one more, counted at once", || {
            store.write(|db| db.observations().add(&one, None)).unwrap()
        });
    }
}
