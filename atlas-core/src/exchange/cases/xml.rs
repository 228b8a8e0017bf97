//! XML as a tree with places: no document type, no entities of its own, no endless depth.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::exchange::budget::Budget;
use crate::exchange::encoding::as_windows;
use crate::text::wiki::entities::named;

/// The made-up root of several documents, one after the other: `cat TEST-*.xml`.
pub(super) const ROOTS: &str = "#roots";
/// How a test begins.
const TEST: &[u8] = b"<testcase";
const DEEPEST: usize = 100;
/// About what an element takes, with its name and what lies free beside it in its parent's list.
const ELEMENT: usize = 240;
/// The same for an attribute.
const ATTRIBUTE: usize = 120;

/// What a document holds, as far as it could be read; of several in one file, all of them.
#[derive(Debug, Default)]
pub(super) struct XmlDocument {
    pub root: Option<Element>,
    pub fault: Option<XmlFault>,
}

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct XmlFault {
    pub line: u64,
    pub column: u64,
    pub reason: String,
    /// How many tests begin after it.
    pub unread: usize,
}

#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
    pub line: u64,
    /// Whether its end was read.
    pub is_whole: bool,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child, trimmed, if it has any.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        let text = self.child(name)?.text.trim();
        (!text.is_empty()).then_some(text)
    }
}

/// Reads a document; what was whole before a fault is kept.
pub(super) fn read(text: &str, budget: Budget) -> XmlDocument {
    let mut reader = Reader::from_str(text);
    let mut builder = Builder::new(budget);
    let mut seen = (0, 1);
    let fault = loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let line = line_at(text, &mut seen, at);
        match reader.read_event() {
            Ok(Event::Eof) => break builder.unfinished(),
            Ok(event) => {
                if let Err(reason) = builder.take(event, line) {
                    break Some((reason, at));
                }
            }
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(at);
                break Some((format!("not valid XML: {error}"), at));
            }
        }
    };
    let fault = fault.map(|(reason, at)| {
        let (line, column) = place(text, at);
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let tests = rest.windows(TEST.len());
        let unread = tests.filter(|name| name.eq_ignore_ascii_case(TEST)).count();
        XmlFault {
            line,
            column,
            reason,
            unread,
        }
    });
    XmlDocument {
        root: builder.close_all(),
        fault,
    }
}

struct Builder {
    open: Vec<Element>,
    root: Option<Element>,
    budget: Budget,
}

impl Builder {
    fn new(budget: Budget) -> Self {
        Builder {
            open: Vec::new(),
            root: None,
            budget,
        }
    }

    fn take(&mut self, event: Event<'_>, line: u64) -> Result<(), String> {
        match event {
            Event::Start(start) => self.start(&start, line),
            Event::Empty(start) => {
                self.start(&start, line)?;
                self.end(true);
                Ok(())
            }
            Event::End(_) => {
                self.end(true);
                Ok(())
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let code = reference.resolve_char_ref();
                let c = match code.map_err(|error| format!("not valid XML: {error}"))? {
                    Some(c) => c,
                    None => match reference.xml10_content().as_ref() {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        name => named(name)
                            .ok_or_else(|| format!("the entity &{name}; is not allowed"))?,
                    },
                };
                self.text(c.encode_utf8(&mut [0; 4]))
            }
            Event::DocType(_) => Err("a document type is not allowed".into()),
            _ => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, line: u64) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err("it is nested too deep".into());
        }
        self.budget.take(ELEMENT)?;
        let mut element = Element {
            name: start.local_name().as_ref().to_owned(),
            line,
            ..Element::default()
        };
        for attribute in start.attributes() {
            let wrong = |error: &dyn std::fmt::Display| format!("not valid XML: {error}");
            let mut attribute = attribute.map_err(|error| wrong(&error))?;
            if attribute.value.contains('&') {
                attribute.value = Cow::Owned(without_names(&attribute.value));
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = legal(&value.map_err(|error| wrong(&error))?);
            let name = attribute.key.local_name().as_ref().to_owned();
            self.budget.take(ATTRIBUTE + value.len())?;
            element.attributes.push((name, value));
        }
        self.open.push(element);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) => {
                self.budget.take(text.len())?;
                element.text.push_str(&legal(text));
            }
            // Each document may begin with a mark of its encoding.
            None if text.replace('\u{feff}', "").trim().is_empty() => {}
            None => return Err("there is text outside of the document".into()),
        }
        Ok(())
    }

    fn end(&mut self, is_whole: bool) {
        let Some(mut element) = self.open.pop() else {
            return;
        };
        element.is_whole = is_whole;
        // There may be millions of them.
        element.attributes.shrink_to_fit();
        element.children.shrink_to_fit();
        element.text.shrink_to_fit();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(joined(self.root.take(), element)),
        }
    }

    fn unfinished(&self) -> Option<(String, usize)> {
        let open = self.open.last();
        let reason = open.map(|e| format!("the file ends before </{}>", e.name));
        let empty = self
            .root
            .is_none()
            .then(|| "there is no element in it".to_owned());
        reason.or(empty).map(|reason| (reason, usize::MAX))
    }

    fn close_all(mut self) -> Option<Element> {
        while !self.open.is_empty() {
            self.end(false);
        }
        self.root
    }
}

/// A value with the characters of HTML instead of their names; XML's own names stay.
fn without_names(value: &str) -> String {
    let mut parts = value.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').unwrap_or_default();
        match named(name).filter(|c| !c.is_ascii() || name == "nbsp") {
            Some(c) => {
                out.push(c);
                out.push_str(rest);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

/// A root after those before it.
fn joined(before: Option<Element>, root: Element) -> Element {
    match before {
        None => root,
        Some(mut roots) if roots.name == ROOTS => {
            roots.children.push(root);
            roots
        }
        Some(first) => Element {
            name: ROOTS.into(),
            line: first.line,
            is_whole: true,
            children: vec![first, root],
            ..Element::default()
        },
    }
}

/// Text without the characters that XML 1.0 cannot hold.
pub(super) fn legal(text: &str) -> String {
    let is_legal = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let windows = |c: char| match c {
        // Control characters of the second range are meant as windows-1252 has them.
        '\u{80}'..='\u{9f}' => as_windows(c),
        c => Some(c),
    };
    text.chars().filter(is_legal).filter_map(windows).collect()
}

/// The line of a place, counted on from the last one.
fn line_at(text: &str, seen: &mut (usize, u64), at: usize) -> u64 {
    let at = at.min(text.len());
    if let Some(between) = text.as_bytes().get(seen.0..at) {
        seen.1 += between.iter().filter(|byte| **byte == b'\n').count() as u64;
        seen.0 = at;
    }
    seen.1
}

fn place(text: &str, at: usize) -> (u64, u64) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.matches('\n').count() as u64 + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (line, before[start..].chars().count() as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> XmlDocument {
        super::read(text, Budget::of_record())
    }

    #[test]
    fn what_is_dangerous_is_refused_with_its_place() {
        let cases = [
            ("<!DOCTYPE a [<!ENTITY x \"y\">]>\n<a>&x;</a>", 1),
            ("<a>\n &x;</a>", 2),
            ("<a>\n <b></c></a>", 2),
            ("<a>\n<b>", 2),
            ("", 1),
        ];
        for (text, line) in cases {
            assert_eq!(
                read(text).fault.map(|fault| fault.line),
                Some(line),
                "{text}"
            );
        }
        let deep = "<a>".repeat(1_000);
        assert!(read(&deep).fault.unwrap().reason.contains("deep"));
    }

    #[test]
    fn text_is_what_is_meant() {
        let document = read("<a b=\"1 &lt; 2\">x &amp; <![CDATA[<y>]]>&#228;&#1;&#150;&#129;</a>");
        assert!(document.fault.is_none());
        let root = document.root.unwrap();
        assert_eq!(root.text, "x & <y>ä–");
        assert_eq!(root.attribute("b"), Some("1 < 2"));
    }

    #[test]
    fn a_file_of_too_many_elements_says_so() {
        let text = format!("<t>{}</t>", "<a/>".repeat(400_000));
        let document = super::read(&text, Budget::of_file(1_000));
        let fault = document.fault.unwrap();
        assert!(fault.reason.contains("64 MB of memory"), "{}", fault.reason);
        assert!(!document.root.unwrap().children.is_empty());
        assert!(super::read(&text, Budget::of_file(200_000)).fault.is_none());
    }
}
