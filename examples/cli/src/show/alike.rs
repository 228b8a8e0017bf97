//! Similar tickets and duplicates as text.

use atlas_core::domain::{Band, DuplicateTicket, Part, SimilarTicket};
use comfy_table::{Cell, CellAlignment, Color};

use super::table::{Rows, cell, key, percent};
use super::{Asked, heading};
use crate::style::{FAINT, paint, paint_lines};
use crate::text::{fit, plain, wrap};

/// Widest status that is shown whole.
const STATUS: usize = 16;
/// Less likely duplicates are counted and not shown,
const UNLIKELY: f32 = 0.05;
/// but this many always are.
const FEWEST: usize = 3;

/// Similar tickets with the reason below each.
pub fn similar(asked: &Asked, found: &[SimilarTicket], width: usize) -> String {
    let header = asked.header(width) + &heading("Similar tickets");
    if found.is_empty() {
        return header + "  none found\n";
    }
    let mut rows = Rows::new(&["key", "score", "", "status", "summary"], width);
    for ticket in found {
        rows.add_with_note(similar_row(ticket), &why_similar(ticket));
    }
    header + &rows.text()
}

/// The cells of one similar ticket: key, score, band, status, summary.
pub fn similar_row(ticket: &SimilarTicket) -> Vec<Cell> {
    let (band, colour) = match ticket.band {
        Band::Strong => ("strong", Color::DarkGreen),
        Band::Medium => ("medium", Color::DarkYellow),
        Band::Weak => ("weak", Color::Reset),
    };
    vec![
        key(ticket.ticket_key.as_str()),
        Cell::new(format!("{:.2}", ticket.similarity)).set_alignment(CellAlignment::Right),
        Cell::new(band).fg(colour),
        cell(&fit(&ticket.status, STATUS)),
        cell(&ticket.summary),
    ]
}

/// Probable duplicates with what speaks for each below it.
pub fn duplicates(asked: &Asked, found: &[DuplicateTicket], width: usize) -> String {
    let header = asked.header(width) + &heading("Perhaps the same report");
    if found.is_empty() {
        return header + "  no other ticket is like it\n";
    }
    let shown = found
        .iter()
        .filter(|ticket| ticket.likelihood >= UNLIKELY)
        .count()
        .max(FEWEST)
        .min(found.len());
    let mut rows = Rows::new(&["key", "likely", "status", "summary"], width);
    for ticket in &found[..shown] {
        let likely = percent(ticket.likelihood);
        let likely = if ticket.likelihood >= 0.5 {
            likely.fg(Color::DarkGreen)
        } else {
            likely
        };
        let status = cell(&fit(&ticket.status, STATUS));
        let cells = vec![
            key(ticket.ticket_key.as_str()),
            likely,
            status,
            cell(&ticket.summary),
        ];
        rows.add_with_note(cells, &why_duplicate(ticket));
    }
    let more = match found.len() - shown {
        0 => String::new(),
        more => format!(
            "  {}\n",
            paint(
                FAINT,
                format!("… and {more} more, hardly likely (--json has all)")
            )
        ),
    };
    let note = wrap(
        "Likelihoods were calibrated on a public tracker, not on your tickets.",
        width,
        "",
    );
    format!(
        "{header}{}{more}\n{}\n",
        rows.text(),
        paint_lines(FAINT, &note)
    )
}

fn why_similar(ticket: &SimilarTicket) -> String {
    let cosine = match &ticket.degraded {
        Some(_) => "by words alone".to_owned(),
        None => format!("cosine {:.2}", ticket.cosine),
    };
    [Some(cosine), shared(&ticket.shared_words)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

fn why_duplicate(ticket: &DuplicateTicket) -> String {
    let linked = ticket.linked.then(|| "already linked".to_owned());
    let parts = strongest(&ticket.parts, 3);
    [linked, shared(&ticket.shared_words), parts]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

fn shared(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| format!("shares {}", plain(&words.join(", "))))
}

/// The parts that speak for it the most, such as `summary +2.1, words +0.8`.
fn strongest(parts: &[Part], most: usize) -> Option<String> {
    let mut parts: Vec<&Part> = parts.iter().filter(|part| part.value > 0.05).collect();
    parts.sort_by(|a, b| b.value.total_cmp(&a.value));
    let named: Vec<String> = parts
        .iter()
        .take(most)
        .map(|part| format!("{} +{:.1}", part.name, part.value))
        .collect();
    (!named.is_empty()).then(|| plain(&named.join(", ")))
}

#[cfg(test)]
mod tests {
    use atlas_core::domain::TicketKey;

    use super::*;

    fn ticket(summary: &str) -> SimilarTicket {
        SimilarTicket {
            ticket_key: TicketKey::parse("WRKA-1100").unwrap(),
            summary: summary.to_owned(),
            status: "Done".to_owned(),
            similarity: 0.8249,
            band: Band::Strong,
            cosine: 0.714,
            parts: Vec::new(),
            shared_words: vec!["mhis".to_owned(), "form".to_owned()],
            degraded: None,
        }
    }

    #[test]
    fn a_row_fits_the_width_and_says_why() {
        let text = similar(
            &Asked::default(),
            &[ticket(&"a very long summary ".repeat(20))],
            60,
        );
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(text.contains("WRKA-1100"), "{text}");
        assert!(text.contains("0.82"), "{text}");
        assert!(text.contains('…'), "{text}");
        assert!(text.contains("shares mhis, form"), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 60),
            "{text}"
        );
    }

    #[test]
    fn the_parts_that_speak_against_it_are_left_out() {
        let parts = [
            Part::new("words", 0.8),
            Part::new("far apart", -1.0),
            Part::new("summary", 2.1),
        ];
        assert_eq!(
            strongest(&parts, 3).as_deref(),
            Some("summary +2.1, words +0.8")
        );
        assert_eq!(strongest(&parts[1..2], 3), None);
    }
}
