//! The order of day and month, settled from all dates of a file.

mod maybe;
mod wording;

use serde_json::Value;

use super::read::read;
use super::reading::{Civil, Day, Reading, ShortYear};
use super::words::{DateLanguages, WORDS};
use super::{Dates, Either, MARKS, Orders, calendar, either, inner, place, short_year_first};
use crate::domain::{Assumption, DateOrder};
use crate::exchange::report::shortened;
pub(crate) use maybe::MaybeDates;
use wording::{assumption, contradicting, contradiction, in_words, undecided};

/// So many dates with two-digit years tell by their numbers that the year comes first.
const ENOUGH: u64 = 2;
/// Years of one file usually lie within so many, days do not.
const NARROW: i8 = 5;
const WIDE: i8 = 10;

/// Collects what the dates of a file say about the order of day and month.
///
/// Give it every value of every column of dates, from the whole file, then [`settle`](Self::settle).
/// See [`Dates`] for an example.
#[derive(Debug, Clone)]
pub struct DateSurvey {
    /// Dates with four-digit years, by their marks.
    long: [OrderVotes; 4],
    /// Dates with two-digit years, by their marks.
    short: [OrderVotes; 4],
    short_years: ShortYears,
    year_month_day: DatesSeen,
    year_day_month: DatesSeen,
    /// Records that are in order only with this order of day and month.
    in_order: [DatesSeen; 2],
    /// Records that are in order only where the two-digit year comes first.
    in_order_year_first: DatesSeen,
    /// The languages that have all names of months so far.
    languages: DateLanguages,
    /// The languages of the names of columns.
    of_columns: DateLanguages,
}

/// How many values there were, and the first.
#[derive(Debug, Clone, Default)]
struct DatesSeen {
    count: u64,
    example: Option<String>,
}

impl DatesSeen {
    fn add(&mut self, text: &str) {
        self.count += 1;
        self.example.get_or_insert_with(|| shortened(text));
    }

    fn example(&self) -> &str {
        self.example.as_deref().unwrap_or("")
    }
}

/// What dates tell.
#[derive(Debug, Clone, Default)]
struct OrderVotes {
    day_first: DatesSeen,
    month_first: DatesSeen,
    open: DatesSeen,
}

impl OrderVotes {
    /// The order that its own dates tell: the more frequent, and the day first among equals.
    fn order(&self) -> Option<DateOrder> {
        match (self.day_first.count, self.month_first.count) {
            (0, 0) => None,
            (day, month) if day >= month => Some(DateOrder::DayFirst),
            _ => Some(DateOrder::MonthFirst),
        }
    }

    fn add(&mut self, other: &OrderVotes) {
        let pairs = [
            (&mut self.day_first, &other.day_first),
            (&mut self.month_first, &other.month_first),
            (&mut self.open, &other.open),
        ];
        for (seen, more) in pairs {
            seen.count += more.count;
            if seen.example.is_none() {
                seen.example.clone_from(&more.example);
            }
        }
    }
}

/// What the numbers of dates with two-digit years are like.
#[derive(Debug, Clone)]
struct ShortYears {
    count: u64,
    /// The year can only be the first number.
    first: DatesSeen,
    /// The year cannot be the first number.
    not_first: u64,
    firsts: (i8, i8),
    lasts: (i8, i8),
}

impl Default for DateSurvey {
    fn default() -> Self {
        DateSurvey {
            long: Default::default(),
            short: Default::default(),
            short_years: ShortYears {
                count: 0,
                first: DatesSeen::default(),
                not_first: 0,
                firsts: (i8::MAX, 0),
                lasts: (i8::MAX, 0),
            },
            year_month_day: DatesSeen::default(),
            year_day_month: DatesSeen::default(),
            in_order: Default::default(),
            in_order_year_first: DatesSeen::default(),
            languages: DateLanguages::MAX,
            of_columns: 0,
        }
    }
}

impl DateSurvey {
    /// Takes in a value of a column of dates; what is no date says nothing.
    pub fn see(&mut self, text: &str) {
        let Some(Reading::Civil(civil)) = read(text) else {
            return;
        };
        match civil.day {
            // `2026-04-13`: what it tells of dates with other marks.
            Day::Exact(date) if date.day() > 12 && starts_with_year(text) => {
                self.year_month_day.add(text);
            }
            Day::Exact(_) => {}
            Day::Named { name, .. } => self.languages &= name.languages(),
            Day::YearFirst {
                year,
                first,
                second,
            } => {
                let usual = calendar::of_likely_year(year, first, second).is_some();
                let turned = calendar::of_likely_year(year, second, first).is_some();
                match (usual, turned) {
                    (true, false) => self.year_month_day.add(text),
                    (false, true) => self.year_day_month.add(text),
                    _ => {}
                }
            }
            Day::YearLast { mark, .. } => self.long[place(mark)].see(&civil, text),
            Day::Short {
                numbers,
                mark,
                year,
            } => {
                self.short_years.see(numbers, year, text);
                self.short[place(mark)].see(&civil, text);
            }
        }
    }

    /// Takes in the name of a column of the file: its language tells which month is meant where a
    /// name is that of several.
    ///
    /// ```
    /// use atlas_core::exchange::dates::DateSurvey;
    /// let mut survey = DateSurvey::default();
    /// survey.see_column("Utworzono");
    /// let (dates, _) = survey.settle(None);
    /// assert_eq!(dates.parse("12/lis/25").unwrap().to_string(), "2025-11-12T00:00:00Z");
    /// ```
    pub fn see_column(&mut self, name: &str) {
        self.of_columns |= WORDS.languages_of(name);
    }

    /// The same for a value of JSON.
    pub fn see_json(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.see(text),
            Value::Object(_) => {
                if let Some(Value::String(text)) = inner(value) {
                    self.see(text);
                }
            }
            _ => {}
        }
    }

    /// Takes in two dates of one record of which the first cannot be the later one, such as
    /// created and updated. This counts only where no date of the file tells the order.
    ///
    /// Give each to [`see`](Self::see) as well.
    pub fn see_in_order(&mut self, earlier: &str, later: &str) {
        let (Some(Reading::Civil(before)), Some(Reading::Civil(after))) =
            (read(earlier), read(later))
        else {
            return;
        };
        let is_open = |civil: &Civil| matches!(civil.day, Day::YearLast { .. } | Day::Short { .. });
        if !is_open(&before) && !is_open(&after) {
            return;
        }
        let fits = |order, short_year_first| {
            let dates = Dates {
                orders: [order; 4],
                is_settled: true,
                short_year_first,
                ..Dates::default()
            };
            let at = |civil: &Civil| civil.at(dates.date(civil)?);
            Some(at(&before)? <= at(&after)?)
        };
        let (day, month) = (
            fits(DateOrder::DayFirst, false),
            fits(DateOrder::MonthFirst, false),
        );
        match (day, month) {
            (Some(true), Some(false)) => self.in_order[0].add(earlier),
            (Some(false), Some(true)) => self.in_order[1].add(earlier),
            (Some(false) | None, Some(false) | None)
                if fits(DateOrder::DayFirst, true) == Some(true) =>
            {
                self.in_order_year_first.add(earlier);
            }
            _ => {}
        }
    }

    /// Lets dates of other columns of the file tell the order, where its own leave it open.
    pub(crate) fn add_where_open(&mut self, others: &DateSurvey) {
        let all = |survey: &DateSurvey| {
            let mut all = OrderVotes::default();
            let votes = survey.long.iter().chain(&survey.short);
            votes.for_each(|votes| all.add(votes));
            all
        };
        let own = all(self);
        if own.order().is_some() || own.open.count == 0 {
            return;
        }
        let mine = self.long.iter_mut().chain(&mut self.short);
        for (votes, other) in mine.zip(others.long.iter().chain(&others.short)) {
            votes.add(&OrderVotes {
                open: DatesSeen::default(),
                ..other.clone()
            });
        }
        self.short_years.not_first += others.short_years.not_first;
    }

    /// How the file's dates are read, and what had to be assumed. An order that the user gave
    /// wins over everything that the file says.
    pub fn settle(self, order: Option<DateOrder>) -> (Dates, Option<Assumption>) {
        // Where the names of months contradict those of columns, the months tell.
        let languages = match self.languages & self.of_columns {
            0 => self.languages,
            both => both,
        };
        let mut dates = Dates {
            year_day_month: self.year_day_month.count > self.year_month_day.count,
            languages,
            ..Dates::default()
        };
        if let Some(order) = order {
            dates.orders = [order; 4];
            dates.is_settled = true;
            return (dates, None);
        }
        let years_first = self.years_first();
        dates.short_year_first = years_first.is_some();
        let mut votes = self.long;
        if years_first.is_none() {
            (votes.iter_mut().zip(&self.short)).for_each(|(votes, short)| votes.add(short));
        }
        let mut all = OrderVotes::default();
        votes.iter().for_each(|votes| all.add(votes));
        let has_numbers = all.day_first.count + all.month_first.count + all.open.count > 0;
        dates.is_settled = has_numbers;
        let (orders, assumption) = orders(&votes, &all, &self.in_order);
        dates.orders = orders;
        let turned = || contradiction(&self.year_month_day, &self.year_day_month);
        (dates, assumption.or(years_first.flatten()).or_else(turned))
    }
}

impl DateSurvey {
    /// Whether two-digit years come first, and what was assumed for that.
    fn years_first(&self) -> Option<Option<Assumption>> {
        let years = &self.short_years;
        if years.count == 0 || years.not_first > 0 {
            return None;
        }
        if years.first.count > 0 {
            return Some(None);
        }
        let long = self.long.iter().any(|votes| votes.order().is_some());
        let span = |(least, most): (i8, i8)| most - least;
        let narrow = span(years.firsts) <= NARROW && span(years.firsts) < span(years.lasts);
        let wide = span(years.lasts) >= WIDE || self.in_order_year_first.count > 0;
        let looks_like = years.count >= ENOUGH && narrow && wide && !long;
        looks_like.then(|| {
            let example = self.short.iter().find_map(|votes| votes.example());
            let example = example.unwrap_or_default();
            Some(assumption(
                "year-first",
                format!(
                    "in dates such as \"{example}\" the first number hardly changes, as years \
                     do; day-first or month-first settles it"
                ),
            ))
        })
    }
}

impl ShortYears {
    fn see(&mut self, numbers: [i8; 3], year: ShortYear, text: &str) {
        if year == ShortYear::NotLast {
            return;
        }
        self.count += 1;
        let widen = |(least, most): (i8, i8), value: i8| (least.min(value), most.max(value));
        self.firsts = widen(self.firsts, numbers[0]);
        self.lasts = widen(self.lasts, numbers[2]);
        let day = Day::Short {
            numbers,
            mark: '/',
            year,
        };
        let Either {
            day_first,
            month_first,
        } = either(&day);
        match short_year_first(numbers) {
            None => self.not_first += 1,
            Some(_) if day_first.or(month_first).is_none() => self.first.add(text),
            Some(_) => {}
        }
    }
}

impl OrderVotes {
    fn see(&mut self, civil: &Civil, text: &str) {
        let Either {
            day_first,
            month_first,
        } = either(&civil.day);
        let (day_first, month_first) = match (day_first, month_first) {
            (Some(one), Some(other)) if one == other => return,
            (Some(one), Some(other)) => {
                let fits = |date| calendar::is_weekday(date, civil.weekdays);
                match (fits(one), fits(other)) {
                    (one, other) if one == other => return self.open.add(text),
                    told => told,
                }
            }
            (one, other) => (one.is_some(), other.is_some()),
        };
        if day_first {
            self.day_first.add(text);
        } else if month_first {
            self.month_first.add(text);
        }
    }

    fn example(&self) -> Option<&str> {
        let all = [&self.day_first, &self.month_first, &self.open];
        all.into_iter().find_map(|seen| seen.example.as_deref())
    }

    fn is_contradictory(&self) -> bool {
        self.day_first.count > 0 && self.month_first.count > 0
    }
}

fn starts_with_year(text: &str) -> bool {
    let digits = text.trim_start().bytes().take_while(u8::is_ascii_digit);
    digits.count() == 4
}

/// The order for each mark, and what was assumed.
fn orders(
    votes: &[OrderVotes; 4],
    all: &OrderVotes,
    in_order: &[DatesSeen; 2],
) -> (Orders, Option<Assumption>) {
    let by_order = match in_order[1].count > in_order[0].count {
        true => DateOrder::MonthFirst,
        false => DateOrder::DayFirst,
    };
    let of_file = all.order().unwrap_or(by_order);
    // Nobody is known to write the month first before a dot: other marks tell nothing about it.
    let of_dots = match all.order() {
        Some(_) => DateOrder::DayFirst,
        None => by_order,
    };
    let mut orders = [of_file; 4];
    for (place, (order, votes)) in orders.iter_mut().zip(votes).enumerate() {
        let from_others = if MARKS[place] == '.' {
            of_dots
        } else {
            of_file
        };
        *order = votes.order().unwrap_or(from_others);
    }
    let dots = &votes[place('.')];
    let assumed = if all.is_contradictory() {
        Some(assumption(&in_words(votes, &orders), contradicting(all)))
    } else if all.order().is_none() && all.open.count > 0 {
        Some(assumption(by_order.as_str(), undecided(all, in_order)))
    } else if of_file != of_dots && dots.order().is_none() && dots.open.count > 0 {
        Some(assumption(
            &in_words(votes, &orders),
            format!(
                "\"{}\" could have either first, and the dates with other marks have the month \
                 first",
                dots.open.example()
            ),
        ))
    } else {
        None
    };
    (orders, assumed)
}
