//! Whatever a table's bytes look like, the same tickets come out of it, or a refusal.

use std::io::Write;

use atlas_core::domain::Ticket;
use atlas_core::jira::read_all_tickets;
use encoding_rs::WINDOWS_1252;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::file;

/// A ticket's summary, status, two labels and description.
type Record = (String, bool, String, String, String);

fn text(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z0-9]{1,8}".prop_map(|word| format!("{word} ")),
        1 => prop::sample::select(vec!["\"", "\"\"", "'", ",", ";", "|", "^", "\t", "\\", "\\\"", "27\" ", ", "]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["größer ", "Überblick ", "déjà ", "5 € ", "– ", "señor "]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..most).prop_map(|pieces| format!("x{}", pieces.concat()))
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let lines = prop::collection::vec(text(4), 0..4).prop_map(|lines| lines.join("\n"));
    let record = (text(6), any::<bool>(), "[a-z]{0,5}", "[a-z]{0,5}", lines);
    prop::collection::vec(record, 1..8)
}

/// How a table is written.
#[derive(Debug, Clone)]
struct Form {
    delimiter: u8,
    quotes_all: bool,
    encoding: &'static str,
    line_end: &'static str,
    above: &'static str,
    unknown: usize,
    gzip: bool,
}

fn forms() -> impl Strategy<Value = Form> {
    let above = vec!["", "\n", "Export by me\n", "Made on,2026-03-04\n\n", "sep"];
    (
        prop::sample::select(vec![b',', b';', b'\t', b'|', b'^', b'~', b':']),
        any::<bool>(),
        prop::sample::select(vec![
            "utf-8",
            "bom",
            "utf-16le",
            "utf-16be",
            "utf-16le-bom",
            "utf-16be-bom",
            "windows-1252",
        ]),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::sample::select(above),
        0usize..4,
        any::<bool>(),
    )
        .prop_map(
            |(delimiter, quotes_all, encoding, line_end, above, unknown, gzip)| Form {
                delimiter,
                quotes_all,
                encoding,
                line_end,
                above,
                unknown,
                gzip,
            },
        )
}

fn table(records: &[Record], form: &Form) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(form.delimiter)
        .quote_style(match form.quotes_all {
            true => csv::QuoteStyle::Always,
            false => csv::QuoteStyle::Necessary,
        })
        .from_writer(Vec::new());
    let mut header = vec![
        "Issue key",
        "Summary",
        "Status",
        "Labels",
        "Labels",
        "Description",
    ];
    header.extend(
        ["Rank", "Story, points", "\"Team\""]
            .iter()
            .take(form.unknown),
    );
    writer.write_record(&header).unwrap();
    for (number, (summary, is_open, one, two, description)) in records.iter().enumerate() {
        let key = format!("NIM-{}", number + 1);
        let status = if *is_open { "Open" } else { "Done" };
        let mut row = vec![key.as_str(), summary, status, one, two, description];
        row.extend(["0|i0001:", "3", ""].iter().take(form.unknown));
        writer.write_record(&row).unwrap();
    }
    let rows = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let above = match form.above {
        "sep" => format!("sep={}\n", char::from(form.delimiter)),
        above => above.to_owned(),
    };
    let text = format!("{above}{rows}").replace('\n', form.line_end);
    let units = |mark: &str| format!("{mark}{text}").encode_utf16().collect::<Vec<_>>();
    let bytes: Vec<u8> = match form.encoding {
        "bom" => format!("\u{feff}{text}").into_bytes(),
        "utf-16le" => units("").into_iter().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => units("").into_iter().flat_map(u16::to_be_bytes).collect(),
        "utf-16le-bom" => units("\u{feff}")
            .into_iter()
            .flat_map(u16::to_le_bytes)
            .collect(),
        "utf-16be-bom" => units("\u{feff}")
            .into_iter()
            .flat_map(u16::to_be_bytes)
            .collect(),
        "windows-1252" => WINDOWS_1252.encode(&text).0.into_owned(),
        _ => text.into_bytes(),
    };
    match form.gzip {
        false => bytes,
        true => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(&bytes).unwrap();
            gzip.finish().unwrap()
        }
    }
}

fn tickets(bytes: &[u8]) -> Result<(Vec<Ticket>, usize), String> {
    let (_folder, path) = file("x", bytes);
    let (tickets, skipped) = read_all_tickets(&path).map_err(|error| error.to_string())?;
    Ok((tickets, skipped.len()))
}

const PLAIN: Form = Form {
    delimiter: b',',
    quotes_all: true,
    encoding: "utf-8",
    line_end: "\n",
    above: "",
    unknown: 0,
    gzip: false,
};

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(400),
        ..ProptestConfig::with_cases(400)
    })]

    #[test]
    fn the_same_tickets_come_out_of_every_form(records in records(), form in forms()) {
        let (plain, skipped) = tickets(&table(&records, &PLAIN)).unwrap();
        prop_assert_eq!((plain.len(), skipped), (records.len(), 0));
        match tickets(&table(&records, &form)) {
            Ok((read, skipped)) => {
                prop_assert_eq!(skipped, 0);
                prop_assert_eq!(read, plain);
            }
            // Few characters do not always show a code page.
            Err(error) => prop_assert!(form.encoding == "windows-1252", "{}", error),
        }
    }

    #[test]
    fn a_file_cut_in_two_is_the_same(records in records(), form in forms(), at in any::<prop::sample::Index>()) {
        let cut = at.index(records.len());
        let form = Form { encoding: "utf-8", ..form };
        let (whole, _) = tickets(&table(&records, &form)).unwrap();
        let (first, _) = tickets(&table(&records[..cut], &form)).unwrap();
        let (second, _) = tickets(&table(&records[cut..], &form)).unwrap();
        let texts = |tickets: &[Ticket]| tickets.iter().map(|t| (t.summary.clone(), t.description.clone(), t.labels.clone())).collect::<Vec<_>>();
        prop_assert_eq!(texts(&whole), texts(&[first, second].concat()));
    }

    #[test]
    fn stray_quotes_shift_nothing_without_a_word(
        summary in "[a-z \"',\\\\]{0,12}",
        at in 0usize..5,
        quoted in any::<bool>(),
    ) {
        let row = |number: usize| {
            let text = match (number == at, quoted) {
                (true, true) => format!("\"{summary}\""),
                (true, false) => summary.clone(),
                (false, _) => format!("Row {number}"),
            };
            format!("NIM-{number},{text},Open,note {number}\n")
        };
        let text: String = (0..5).map(row).collect();
        let (read, skipped) = tickets(format!("Issue key,Summary,Status,Team\n{text}").as_bytes()).unwrap();
        prop_assert!(read.len() + skipped.max(1) >= 5, "{}: {:?}", text, read);
        prop_assert!(skipped > 0 || read.len() == 5, "{}: {:?}", text, read);
        for ticket in &read {
            prop_assert_eq!(ticket.status.as_str(), "Open", "{}", text);
            if !ticket.key.as_str().ends_with(&at.to_string()) {
                let expected = format!("Row {}", &ticket.key.as_str()[4..]);
                prop_assert_eq!(ticket.summary.as_str(), expected.as_str(), "{}", text);
            }
        }
    }
}
