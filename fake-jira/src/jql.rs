//! The part of JQL that clients of a sync use.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::Issue;

/// A query that was understood.
#[derive(Debug)]
pub struct Query {
    condition: Option<Condition>,
    order: Vec<(String, bool)>,
}

#[derive(Debug)]
enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Compare(String, String, Word),
    In(String, Vec<Word>),
    NotEmpty,
}

#[derive(Debug, Clone, PartialEq)]
enum Word {
    Quoted(String),
    Plain(String),
    Sign(String),
}

/// What a query is read with.
pub struct Reading<'a> {
    pub zone: &'a TimeZone,
    pub now: Timestamp,
    pub millis: bool,
    pub user: &'a str,
}

const RESERVED: [&str; 14] = [
    "and", "or", "not", "in", "is", "int", "empty", "null", "order", "by", "was", "changed",
    "group", "user",
];
const SORTED: [&str; 6] = ["updated", "created", "key", "id", "priority", "issuekey"];

impl Query {
    /// Reads a query; the reason why it is refused otherwise.
    pub fn parse(text: &str, reading: &Reading<'_>) -> Result<Query, String> {
        let mut parser = Parser {
            words: words(text)?,
            at: 0,
            reading,
        };
        let condition = match parser.peek_is("order") || parser.done() {
            true => None,
            false => Some(parser.any()?),
        };
        let mut order = Vec::new();
        if parser.eat("order") {
            parser.expect("by")?;
            loop {
                let field = parser.plain()?.to_ascii_lowercase();
                if !SORTED.contains(&field.as_str()) {
                    return Err(format!("Field '{field}' cannot be sorted by."));
                }
                let descending = parser.eat("desc");
                let _ = !descending && parser.eat("asc");
                order.push((field, descending));
                if !parser.eat(",") {
                    break;
                }
            }
        }
        match parser.done() {
            true => Ok(Query { condition, order }),
            false => Err("Error in the JQL Query: it does not end where it should.".to_owned()),
        }
    }

    /// Whether it has a condition: Cloud refuses those without.
    pub fn is_bounded(&self) -> bool {
        self.condition.is_some()
    }

    /// Whether it sorts by change and key, oldest first.
    pub fn by_change(&self) -> bool {
        matches!(&*self.order, [(u, false), (k, false)] if u == "updated" && k == "key")
    }

    pub fn finds(&self, issue: &Issue, reading: &Reading<'_>) -> bool {
        self.condition
            .as_ref()
            .is_none_or(|c| c.holds(issue, reading))
    }

    pub fn compare(&self, a: &Issue, b: &Issue) -> Ordering {
        let rank = |issue: &Issue| {
            issue.json["fields"]["priority"]["id"]
                .as_str()
                .map(str::to_owned)
        };
        for (field, descending) in &self.order {
            let order = match field.as_str() {
                "updated" => a.updated.cmp(&b.updated),
                "created" => text(a, "created").cmp(&text(b, "created")),
                "priority" => rank(b).cmp(&rank(a)),
                "id" => a.id.cmp(&b.id),
                _ => a.place().cmp(&b.place()),
            };
            let order = if *descending { order.reverse() } else { order };
            if order.is_ne() {
                return order;
            }
        }
        a.id.cmp(&b.id)
    }
}

impl Condition {
    fn holds(&self, issue: &Issue, reading: &Reading<'_>) -> bool {
        match self {
            Condition::And(a, b) => a.holds(issue, reading) && b.holds(issue, reading),
            Condition::Or(a, b) => a.holds(issue, reading) || b.holds(issue, reading),
            Condition::NotEmpty => true,
            Condition::In(field, values) => values.iter().any(|v| equals(issue, field, v, reading)),
            Condition::Compare(field, sign, value) => match (field.as_str(), sign.as_str()) {
                (_, "=") => equals(issue, field, value, reading),
                (_, "!=") => !equals(issue, field, value, reading),
                ("updated", sign) => ordered(sign, issue.updated, date(value, reading)),
                ("id", sign) => ordered(sign, issue.id as i64, value.text().parse().ok()),
                _ => false,
            },
        }
    }
}

fn ordered(sign: &str, left: i64, right: Option<i64>) -> bool {
    right.is_some_and(|right| match sign {
        ">=" => left >= right,
        ">" => left > right,
        "<=" => left <= right,
        _ => left < right,
    })
}

fn equals(issue: &Issue, field: &str, value: &Word, reading: &Reading<'_>) -> bool {
    let wanted = value.text();
    let same = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(wanted));
    let fields = &issue.json["fields"];
    match field {
        "project" => same(Some(issue.place().0)),
        "id" | "key" | "issuekey" => same(Some(&issue.key)) || issue.id.to_string() == wanted,
        "assignee" if wanted == "currentUser()" => {
            fields["assignee"]["displayName"].as_str() == Some(reading.user)
        }
        "assignee" => ["displayName", "name", "emailAddress", "accountId"]
            .iter()
            .any(|name| same(fields["assignee"][*name].as_str())),
        "labels" => fields["labels"]
            .as_array()
            .is_some_and(|labels| labels.iter().any(|label| same(label.as_str()))),
        other => same(fields[other]["name"].as_str()),
    }
}

/// Dates as Jira reads them: milliseconds; minutes, hours and days before now; a date in the
/// account's zone.
fn date(value: &Word, reading: &Reading<'_>) -> Option<i64> {
    let text = value.text();
    let now = reading.now.as_millisecond();
    if let Some(back) = text.strip_prefix('-') {
        let unit = match back.chars().last()? {
            'm' => 60_000,
            'h' => 3_600_000,
            'd' => 86_400_000,
            'w' => 7 * 86_400_000,
            _ => return None,
        };
        return Some(now - back[..back.len() - 1].parse::<i64>().ok()? * unit);
    }
    if let Ok(millis) = text.parse::<i64>() {
        return reading.millis.then_some(millis);
    }
    let local = text.replace('/', "-");
    let local = DateTime::strptime("%Y-%m-%d %H:%M", &local)
        .or_else(|_| Date::strptime("%Y-%m-%d", &local).map(|day| day.at(0, 0, 0, 0)));
    let at = local.ok()?.to_zoned(reading.zone.clone()).ok()?;
    Some(at.timestamp().as_millisecond())
}

fn text(issue: &Issue, field: &str) -> String {
    issue.json["fields"][field]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

impl Word {
    fn text(&self) -> &str {
        match self {
            Word::Quoted(text) | Word::Plain(text) | Word::Sign(text) => text,
        }
    }
}

struct Parser<'a> {
    words: Vec<Word>,
    at: usize,
    reading: &'a Reading<'a>,
}

impl Parser<'_> {
    fn done(&self) -> bool {
        self.at == self.words.len()
    }

    fn peek_is(&self, word: &str) -> bool {
        let here = self.words.get(self.at);
        here.is_some_and(|w| !matches!(w, Word::Quoted(_)) && w.text().eq_ignore_ascii_case(word))
    }

    fn eat(&mut self, word: &str) -> bool {
        let here = self.peek_is(word);
        self.at += usize::from(here);
        here
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        match self.eat(word) {
            true => Ok(()),
            false => Err(format!("Error in the JQL Query: Expecting '{word}'.")),
        }
    }

    fn next(&mut self) -> Result<Word, String> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word.ok_or_else(|| "Error in the JQL Query: it ends too early.".to_owned())
    }

    fn plain(&mut self) -> Result<String, String> {
        match self.next()? {
            Word::Plain(text) => Ok(text),
            other => Err(format!(
                "Error in the JQL Query: '{}' is no field.",
                other.text()
            )),
        }
    }

    fn value(&mut self) -> Result<Word, String> {
        let word = self.next()?;
        match &word {
            Word::Sign(sign) => Err(format!(
                "Error in the JQL Query: Expecting a value, got '{sign}'."
            )),
            Word::Plain(text) if RESERVED.contains(&&*text.to_ascii_lowercase()) => Err(format!(
                "Error in the JQL Query: '{text}' is a reserved JQL word. Surround it in quotes."
            )),
            _ => Ok(word),
        }
    }

    fn any(&mut self) -> Result<Condition, String> {
        let mut left = self.all()?;
        while self.eat("or") {
            left = Condition::Or(Box::new(left), Box::new(self.all()?));
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut left = self.one()?;
        while self.eat("and") {
            left = Condition::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Condition, String> {
        if self.eat("(") {
            let inner = self.any()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let field = self.plain()?.to_ascii_lowercase();
        if self.eat("is") {
            self.expect("not")?;
            self.expect("empty")?;
            return Ok(Condition::NotEmpty);
        }
        if self.eat("in") {
            self.expect("(")?;
            let mut values = vec![self.value()?];
            while self.eat(",") {
                values.push(self.value()?);
            }
            self.expect(")")?;
            return Ok(Condition::In(field, values));
        }
        let sign = self.next()?;
        if !["=", "!=", ">=", "<=", ">", "<"].contains(&sign.text()) {
            return Err(format!(
                "Error in the JQL Query: Expecting operator but got '{}'.",
                sign.text()
            ));
        }
        let value = self.value()?;
        if field == "updated" && date(&value, self.reading).is_none() {
            return Err(format!(
                "Date value '{}' for field 'updated' is invalid.",
                value.text()
            ));
        }
        Ok(Condition::Compare(field, sign.text().to_owned(), value))
    }
}

fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '"' | '\'' => {
                let mut inner = String::new();
                loop {
                    match chars.next() {
                        None => {
                            return Err("Error in the JQL Query: a quote is not closed.".to_owned());
                        }
                        Some(end) if end == c => break,
                        Some('\\') => inner.push(match chars.next() {
                            Some('n') => '\n',
                            Some('r') => '\r',
                            Some('t') => '\t',
                            Some(c @ ('"' | '\'' | '\\' | ' ')) => c,
                            _ => {
                                return Err("Error in the JQL Query: an illegal escape.".to_owned());
                            }
                        }),
                        Some(other) => inner.push(other),
                    }
                }
                words.push(Word::Quoted(inner));
            }
            '(' | ')' | ',' | '=' => words.push(Word::Sign(c.to_string())),
            '!' | '<' | '>' | '~' => {
                let sign = if chars.next_if_eq(&'=').is_some() {
                    format!("{c}=")
                } else {
                    c.to_string()
                };
                words.push(Word::Sign(sign));
            }
            c => {
                let mut word = c.to_string();
                let inside = |c: &char| !c.is_whitespace() && !"(),=!<>~\"'".contains(*c);
                while let Some(c) = chars.next_if(inside) {
                    word.push(c);
                }
                if word == "currentUser" && chars.next_if_eq(&'(').is_some() {
                    let _ = chars.next_if_eq(&')');
                    word.push_str("()");
                }
                words.push(Word::Plain(word));
            }
        }
    }
    Ok(words)
}
