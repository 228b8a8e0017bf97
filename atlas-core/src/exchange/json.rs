//! JSON files as records: lines, arrays, pages of a search in any envelope, single objects.
//!
//! A first pass over the file finds where the records lie ([`places`]); the second reads them, one
//! in memory at a time.

mod places;
mod scan;
pub(crate) mod tree;
pub(crate) mod value;

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::input::{Delivery, Input};
use super::{Each, ReadSummary};
use crate::Result;
use places::Node;
use scan::{RawValue, Scanner};

/// A longer record is a mistake, and must not fill the memory.
const LONGEST_RECORD: usize = 64 * 1024 * 1024;
/// So many lines without a known field, or so many bytes of them, and the file is something else.
const STRANGERS: usize = 100;
const STRANGE_BYTES: usize = 16 * 1024 * 1024;

/// What the records of a file look like.
pub(crate) struct Shape {
    /// Arrays in an object that hold records (`issues`).
    pub pages: &'static [&'static str],
    /// Every record has at least one of these fields; capitals make no difference.
    pub fields: &'static [&'static str],
    /// Those of the fields that other objects have as well: an object with no other field is a
    /// record only where it holds none, or is one of many.
    pub weak: &'static [&'static str],
    /// What can be imported, for the error about another file.
    pub expected: &'static str,
}

/// The objects `names` and `schema` that stand beside records: what Jira calls its custom fields.
pub(crate) type Beside = Map<String, Value>;

/// A text that is not empty, trimmed; a number as its digits.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Reads every record of a JSON file.
///
/// # Errors
/// `UNKNOWN_FORMAT` for a file without records, `FILE_FAILED`, `CANCELLED`.
pub(crate) fn read<T>(
    input: Input<'_>,
    shape: &Shape,
    convert: impl Fn(&Value) -> std::result::Result<T, String>,
    each: Each<'_, T>,
) -> Result<ReadSummary> {
    read_beside(input, shape, |value, _| convert(value), each)
}

/// Reads every record of a JSON file; `convert` also gets what stands beside the records.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_beside<T>(
    mut input: Input<'_>,
    shape: &Shape,
    convert: impl Fn(&Value, &Beside) -> std::result::Result<T, String>,
    each: Each<'_, T>,
) -> Result<ReadSummary> {
    let start = input.start()?;
    let mut reading = JsonReading {
        shape,
        convert,
        delivery: Delivery::new(&input.file, each),
    };
    let read = match is_lines(&start) {
        true => reading.lines(&mut input.reader),
        false => {
            let mut found = Node::default();
            let look = found.look(&mut Scanner::new(&mut input.again()?.reader), shape);
            // Where the file is damaged is said when the records are read.
            look.or_else(|error| input.file.ended_early(error).map(|_| ()))?;
            match found.choose(shape) {
                true => reading.document(&mut Scanner::new(&mut input.reader), &found, 0),
                false => Ok(DocumentEnd::Strange),
            }
        }
    };
    let truncated = match read {
        Ok(DocumentEnd::Read | DocumentEnd::Stopped) => None,
        Ok(DocumentEnd::Strange) => {
            let why = no_json(&start)
                .map(|why| format!("{why}; "))
                .unwrap_or_default();
            return Err(input.file.unknown(format!("{why}{}", shape.expected)));
        }
        Err(error) => Some(input.file.ended_early(error)?),
    };
    Ok(reading.delivery.finish(truncated, input.account.finish()))
}

/// How the reading of a document ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DocumentEnd {
    Read,
    Stopped,
    /// It holds no records of the shape.
    Strange,
}

struct JsonReading<'a, T, C> {
    shape: &'a Shape,
    convert: C,
    delivery: Delivery<'a, T>,
}

impl<T, C: Fn(&Value, &Beside) -> std::result::Result<T, String>> JsonReading<'_, T, C> {
    /// A record, or a document with records, a line.
    fn lines(&mut self, reader: &mut impl BufRead) -> io::Result<DocumentEnd> {
        let mut scanner = Scanner::new(reader);
        let (mut strangers, mut bytes, mut recognised) = (Vec::new(), 0, false);
        while let Some(raw) = scanner.line()? {
            recognised = recognised || self.is_known(&raw);
            if !recognised {
                bytes += raw.bytes.as_ref().map_or(0, Vec::len);
                strangers.push(raw);
                if strangers.len() >= STRANGERS || bytes > STRANGE_BYTES {
                    return Ok(DocumentEnd::Strange);
                }
                continue;
            }
            for raw in strangers.drain(..).chain([raw]) {
                if self.line(raw).is_break() {
                    return Ok(DocumentEnd::Stopped);
                }
            }
        }
        Ok(match strangers.is_empty() {
            true => DocumentEnd::Read,
            false => DocumentEnd::Strange,
        })
    }

    /// Whether a line is one of a file of these records, valid or not.
    fn is_known(&self, raw: &RawValue) -> bool {
        let Ok(bytes) = &raw.bytes else {
            return true;
        };
        match value::parse(bytes) {
            Ok(value) => self.is_record(&value) || self.found(bytes).is_some(),
            Err(_) => {
                let named = |field: &&str| {
                    let name = format!("\"{field}\"");
                    memchr::memmem::find(bytes, name.as_bytes()).is_some()
                };
                self.shape.fields.iter().any(named)
            }
        }
    }

    fn is_record(&self, value: &Value) -> bool {
        let Some(object) = value.as_object() else {
            return false;
        };
        let fields = |object: &Map<String, Value>| {
            let is_field = |name: &&String| places::place_of(name, self.shape.fields).is_some();
            object.keys().filter(is_field).count()
        };
        let own = fields(object);
        let is_strong = |name: &String| {
            places::place_of(name, self.shape.fields).is_some()
                && places::place_of(name, self.shape.weak).is_none()
        };
        let is_page = |(name, value): (&String, &Value)| {
            let Some(elements) = value.as_array() else {
                return false;
            };
            let first = elements.first().and_then(Value::as_object);
            places::place_of(name, self.shape.pages).is_some()
                || first.is_some_and(|first| fields(first) > own)
        };
        object.keys().any(is_strong) && !object.iter().any(is_page)
    }

    fn found(&self, bytes: &[u8]) -> Option<Node> {
        let mut found = Node::default();
        let looked = found.look(&mut Scanner::new(&mut &bytes[..]), self.shape);
        (looked.is_ok() && found.choose(self.shape)).then_some(found)
    }

    fn line(&mut self, raw: RawValue) -> ControlFlow<()> {
        let line = raw.line;
        let bytes = match raw.bytes {
            Ok(bytes) => bytes,
            Err(reason) => return self.delivery.record(line, Err(reason)),
        };
        match value::parse(&bytes) {
            Ok(value) if !self.is_record(&value) => match self.found(&bytes) {
                Some(found) => self.inner(&bytes, &found, line - 1),
                None => self.value(line, &value, &Beside::new()),
            },
            Ok(value) => self.value(line, &value, &beside_in(&value)),
            Err(reason) => self.delivery.record(line, Err(reason)),
        }
    }

    /// A document in memory.
    fn inner(&mut self, bytes: &[u8], found: &Node, lines: u64) -> ControlFlow<()> {
        match self.document(&mut Scanner::new(&mut &bytes[..]), found, lines) {
            Ok(DocumentEnd::Stopped) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }

    /// All records of a document, in the places that were found.
    fn document(
        &mut self,
        scanner: &mut Scanner<'_, impl BufRead>,
        found: &Node,
        lines: u64,
    ) -> io::Result<DocumentEnd> {
        let mut stopped = false;
        found.records(scanner, &mut |place, raw| {
            let flow = match place.is_text {
                true => self.text(raw, lines),
                false => self.record(raw, lines, &found.beside),
            };
            stopped = flow.is_break();
            flow
        })?;
        Ok(match stopped {
            true => DocumentEnd::Stopped,
            false => DocumentEnd::Read,
        })
    }

    fn record(&mut self, raw: RawValue, lines: u64, beside: &Beside) -> ControlFlow<()> {
        let line = raw.line + lines;
        match raw.bytes.and_then(|bytes| value::parse(&bytes)) {
            Ok(value) => self.value(line, &value, beside),
            Err(reason) => self.delivery.record(line, Err(reason)),
        }
    }

    /// JSON that is the text of a value, as in the result of an MCP tool.
    fn text(&mut self, raw: RawValue, lines: u64) -> ControlFlow<()> {
        let Ok(Value::String(text)) = raw.bytes.and_then(|bytes| value::parse(&bytes)) else {
            return ControlFlow::Continue(());
        };
        // Some tools begin with a sentence.
        let text = text.find(['{', '[']).map_or("", |at| &text[at..]);
        match self.found(text.as_bytes()) {
            // A text in a text is not opened.
            Some(found) if !found.is_only_text() => {
                self.inner(text.as_bytes(), &found, raw.line + lines - 1)
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn value(&mut self, line: u64, value: &Value, beside: &Beside) -> ControlFlow<()> {
        let converted = (self.convert)(value, beside);
        self.delivery.record(line, converted)
    }
}

fn beside_in(value: &Value) -> Beside {
    let named = places::BESIDE.iter().filter_map(|name| {
        let value = value.get(name).filter(|value| value.is_object())?;
        Some(((*name).to_owned(), value.clone()))
    });
    named.collect()
}

/// Whether records stand one a line, by the first bytes of the file.
fn is_lines(start: &[u8]) -> bool {
    let (mut depth, mut i, mut last) = (0usize, 0, b' ');
    while let Some(&byte) = start.get(i) {
        i += 1;
        match byte {
            b'[' if depth == 0 => return false,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => i = string_end(start, i),
            b'\n' if depth > 0 => {
                let next = start.get(i..).unwrap_or_default().trim_ascii_start();
                // The first line is cut off and the second one starts anew.
                return next.starts_with(b"{") && !b"[{,:".contains(&last);
            }
            _ => {}
        }
        if depth == 0 && byte == b'}' {
            let rest = start.get(i..).unwrap_or_default();
            let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
            return line.trim_ascii().is_empty();
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    false
}

/// The place after the string whose first character is at `i`; a line's end ends it too.
fn string_end(bytes: &[u8], mut i: usize) -> usize {
    while let Some(&byte) = bytes.get(i) {
        i += 1;
        match byte {
            b'\\' => i += 1,
            b'"' => return i,
            b'\n' => return i - 1,
            _ => {}
        }
    }
    bytes.len()
}

/// What looks like JSON and is not, in words.
fn no_json(start: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(start.get(..400.min(start.len())).unwrap_or(start));
    let inner =
        text.trim_start_matches(|c: char| c.is_whitespace() || ['[', '{', '('].contains(&c));
    if inner.starts_with('\'') || inner.starts_with("b'") || inner.starts_with("u'") {
        return Some(
            "it is not JSON but looks like Python's way to print values (names in single quotes): \
             write it with json.dumps",
        );
    }
    let (name, rest) = inner.split_at(
        inner
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(0),
    );
    let is_script = !name.is_empty()
        && text.trim_start().starts_with(['[', '{'])
        && rest.trim_start().starts_with(':');
    if is_script || inner.starts_with("//") || inner.starts_with("/*") {
        return Some(
            "it is not JSON but looks like JavaScript (names without quotes, or comments): write it \
             with JSON.stringify",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const ISSUES: Shape = Shape {
        pages: &["issues"],
        fields: &["key", "fields"],
        weak: &[],
        expected: "issues",
    };

    /// Line and key of each record, with the number of names beside it.
    fn keys(text: &str) -> Vec<(u64, String, usize)> {
        let input = Input::of_text(Path::new("x"), text.as_bytes().to_vec());
        let mut keys = Vec::new();
        let convert = |value: &Value, beside: &Beside| {
            let names = beside
                .get("names")
                .and_then(Value::as_object)
                .map_or(0, Map::len);
            let key = value.get("key").and_then(Value::as_str).ok_or("no key")?;
            Ok((key.to_owned(), names))
        };
        read_beside(input, &ISSUES, convert, &mut |record| {
            let (key, names) = record.value.unwrap_or_else(|reason| (reason, 0));
            keys.push((record.line, key, names));
            ControlFlow::Continue(())
        })
        .unwrap_or_else(|error| panic!("{text}: {error}"));
        keys
    }

    fn refusal(text: &str) -> String {
        let input = Input::of_text(Path::new("x"), text.as_bytes().to_vec());
        let convert = |_: &Value| Ok(());
        read(input, &ISSUES, convert, &mut |_| ControlFlow::Continue(()))
            .expect_err(text)
            .to_string()
    }

    #[test]
    fn records_are_found_in_every_envelope() {
        let one = r#"{"key":"A-1","fields":{"parent":{"key":"B-1","fields":{}}}}"#;
        for text in [
            format!(r#"{{"status":200,"data":{{"issues":[{one}],"total":1}}}}"#),
            format!(r#"{{"result":{{"user":{{"key":"me"}},"data":{{"issues":[{one}]}}}}}}"#),
            format!(
                r#"{{"projects":[{{"key":"A","name":"x","issues":[{one}]}}],"users":[{{"key":"u"}}]}}"#
            ),
            format!(r#"[{{"startAt":0,"issues":[{one}]}},{{"issues":[]}}]"#),
            format!(r#"{{"data":[{one}],"project":{{"key":"A"}}}}"#),
            format!(r#"{{"key":"board","values":[{one}]}}"#),
            format!(r#"{{"hits":{{"hits":[{{"_id":"1","_source":{one}}}]}}}}"#),
            format!(r#"{{"data":{{"issues":{{"nodes":[{one}]}}}}}}"#),
            format!(r#"{{"names":{{}},"key":"A-1","fields":{{"subtasks":[{one}]}}}}"#),
            format!("[{one}]"),
            one.to_owned(),
        ] {
            assert_eq!(keys(&text), [(1, "A-1".to_owned(), 0)], "{text}");
            let lines = format!("{text}\n{text}\n");
            assert_eq!(keys(&lines).len(), 2, "{lines}");
            let pretty: Value = serde_json::from_str(&text).unwrap();
            let found = keys(&serde_json::to_string_pretty(&pretty).unwrap());
            assert_eq!((found.len(), found[0].1.as_str()), (1, "A-1"), "{text}");
        }
    }

    #[test]
    fn text_of_a_tool_is_opened() {
        let page = r#"{"total":1,"names":{"a":"b"},"issues":[{"key":"A-1","summary":"x"}]}"#;
        let text = serde_json::to_string(page).unwrap();
        for envelope in [
            format!(r#"{{"content":[{{"type":"text","text":{text}}}]}}"#),
            format!(
                r#"{{"jsonrpc":"2.0","id":1,"result":{{"content":[{{"type":"text","text":{text}}}],"isError":false}}}}"#
            ),
        ] {
            assert_eq!(keys(&envelope), [(1, "A-1".to_owned(), 1)], "{envelope}");
        }
        let sentence = serde_json::to_string(&format!("Found 1 issue:\n{page}")).unwrap();
        let whole = format!(r#"{{"content":[{{"type":"text","text":{sentence}}}]}}"#);
        assert_eq!(keys(&whole), [(1, "A-1".to_owned(), 1)]);
        assert_eq!(keys(&text), [(1, "A-1".to_owned(), 1)]);
        // What the tool says twice counts once.
        let both = format!(
            r#"{{"content":[{{"type":"text","text":{text}}}],"structuredContent":{page}}}"#
        );
        assert_eq!(keys(&both), [(1, "A-1".to_owned(), 1)]);
    }

    #[test]
    fn names_stand_before_or_behind() {
        for text in [
            r#"{"names":{"a":"b"},"issues":[{"key":"A-1"}]}"#,
            r#"{"issues":[{"key":"A-1"}],"names":{"a":"b"}}"#,
            r#"{"key":"A-1","fields":{},"names":{"a":"b"}}"#,
        ] {
            assert_eq!(keys(text), [(1, "A-1".to_owned(), 1)], "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_called_by_its_name() {
        assert!(refusal("[{'key': 'A-1', 'fields': None}]").contains("Python"));
        assert!(refusal("[{key: 'A-1'}]").contains("JavaScript"));
        assert!(refusal("{\n  key: \"A-1\"\n}").contains("JavaScript"));
        assert!(refusal("{\"name\":\"x\",\"version\":1}").ends_with("issues"));
        assert_eq!(
            keys(r#"{"issues":[{"id":"1"}]}"#),
            [(1, "no key".to_owned(), 0)]
        );
        assert_eq!(keys(r#"{"data":{"issues":[]}}"#), []);
        assert_eq!(keys("{\"key\":\"A-1\"},\n{\"key\":\"A-2\"},\n").len(), 2);
    }
}
