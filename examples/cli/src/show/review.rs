//! What to ask a ticket's author, as text.

use atlas_core::domain::{Finding, Quote, Review, Severity, TicketPart};

use super::{Asked, heading};
use crate::style::{BAD, FAINT, GOOD, WARN, paint, paint_lines};
use crate::text::{plain, wrap};

pub fn text(asked: &Asked, review: &Review, width: usize) -> String {
    let mut text = asked.header(width);
    match review.findings.len() {
        0 => {
            let nothing =
                "Nothing to ask: the text leaves nothing open that ATLAS knows to look for.";
            text += &format!("\n{}\n", paint_lines(GOOD, &wrap(nothing, width, "")));
        }
        count => text += &heading(&format!("Ask the author  {count}")),
    }
    for finding in &review.findings {
        text += &one(finding, width);
    }
    let left_out = (review.left_out > 0).then(|| format!("{} more are left out", review.left_out));
    for note in review.notes.iter().chain(&left_out) {
        text += &format!("\n{}\n", paint_lines(FAINT, &wrap(&plain(note), width, "")));
    }
    text
}

fn one(finding: &Finding, width: usize) -> String {
    let (word, style) = match finding.severity {
        Severity::High => ("high", BAD),
        Severity::Medium => ("medium", WARN),
        Severity::Low => ("low", FAINT),
    };
    let question = wrap(&plain(&finding.question), width, &format!("  {word:<6}  "));
    let question = question.replacen(word, &paint(style, word), 1);
    let quotes = finding.quotes.iter().map(|quote| {
        let line = format!("{}: “{}”", place(quote), plain(&quote.text));
        paint_lines(FAINT, &wrap(&line, width, "          ")) + "\n"
    });
    format!("{question}\n{}", quotes.collect::<String>())
}

/// `criterion 2`.
fn place(quote: &Quote) -> String {
    let part = match quote.part {
        TicketPart::Summary => "summary",
        TicketPart::Criterion => "criterion",
        TicketPart::Description => "line",
    };
    match quote.number {
        Some(number) => format!("{part} {number}"),
        None => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_stand_above_their_quotes() {
        let finding = Finding {
            code: "pronoun".to_owned(),
            severity: Severity::Low,
            question: "What is \"It\" here?".to_owned(),
            quotes: vec![Quote {
                text: "It is\u{1b}[2J shown".to_owned(),
                part: TicketPart::Criterion,
                number: Some(2),
            }],
        };
        let mut review = Review {
            ticket_key: None,
            language: Some("en".to_owned()),
            findings: vec![finding],
            left_out: 3,
            notes: vec!["only so much was read".to_owned()],
        };
        let shown = |review: &Review| {
            let text = text(&Asked::default(), review, 70);
            anstream::adapter::strip_str(&text).to_string()
        };
        let text = shown(&review);
        for part in [
            "Ask the author  1\n",
            "  low     What is \"It\" here?\n          criterion 2: “It is[2J shown”\n",
            "\nonly so much was read\n\n3 more are left out\n",
        ] {
            assert!(text.contains(part), "{part:?} in {text}");
        }
        review.findings.clear();
        assert!(
            shown(&review).contains("Nothing to ask"),
            "{}",
            shown(&review)
        );
    }
}
