//! What was assumed of a file's dates, in words.

use super::super::{MARKS, Orders};
use super::{DatesSeen, OrderVotes};
use crate::domain::{Assumption, DateOrder};

/// The order, or the order for each mark that the file has.
pub(super) fn in_words(votes: &[OrderVotes; 4], orders: &Orders) -> String {
    let used: Vec<(char, DateOrder)> = (MARKS.into_iter().zip(*orders).zip(votes))
        .filter(|(_, votes)| votes.example().is_some())
        .map(|(used, _)| used)
        .collect();
    match &used[..] {
        [(_, first), rest @ ..] if rest.iter().all(|(_, order)| order == first) => {
            first.as_str().to_owned()
        }
        several => {
            let one = |(mark, order): &(char, DateOrder)| match mark {
                ' ' => format!("{} with blanks", order.as_str()),
                _ => format!("{} with \"{mark}\"", order.as_str()),
            };
            several.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    }
}

pub(super) fn contradicting(all: &OrderVotes) -> String {
    let dates = |count: u64| match count {
        1 => "1 date".to_owned(),
        _ => format!("{count} dates"),
    };
    format!(
        "the file contradicts itself: \"{}\" has the day first ({}), \"{}\" the month ({}); what \
         does not fit is not read",
        all.day_first.example(),
        dates(all.day_first.count),
        all.month_first.example(),
        dates(all.month_first.count),
    )
}

pub(super) fn undecided(all: &OrderVotes, in_order: &[DatesSeen; 2]) -> String {
    let example = all.open.example();
    let order = match in_order[0].count.max(in_order[1].count) {
        n if in_order[0].count == in_order[1].count || n == 0 => String::new(),
        1 => "; 1 record has its dates in order of time only so".to_owned(),
        n => format!("; {n} records have their dates in order of time only so"),
    };
    format!(
        "\"{example}\" could have the day first or the month, and no date of the file tells \
         which{order}"
    )
}

/// What was assumed of `2025/03/04` where the file contradicts itself.
pub(super) fn contradiction(
    year_month_day: &DatesSeen,
    year_day_month: &DatesSeen,
) -> Option<Assumption> {
    if year_month_day.count == 0 || year_day_month.count == 0 {
        return None;
    }
    let (assumed, other) = match year_day_month.count > year_month_day.count {
        true => ("year, day, month", year_month_day),
        false => ("year, month, day", year_day_month),
    };
    let why = format!(
        "the file contradicts itself: \"{}\" and \"{}\"; what does not fit is not read, such as \
         \"{}\"",
        year_month_day.example(),
        year_day_month.example(),
        other.example()
    );
    Some(assumption(assumed, why))
}

pub(super) fn assumption(assumed: &str, why: String) -> Assumption {
    Assumption {
        about: "date_order".to_owned(),
        assumed: assumed.to_owned(),
        why,
    }
}
