//! What a file is, by its first bytes, in words for those who have the wrong one.

use super::xml_kind::XmlKind;

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Json,
    /// Text that is no JSON and no markup.
    Text,
    /// XML or HTML; what it is, in words.
    Markup(&'static str),
    /// No text; what it is, in words.
    Other(&'static str),
    Empty,
}

impl Content {
    /// Text by its beginning.
    pub fn of(start: &[u8]) -> Self {
        let start = start.trim_ascii_start();
        match start.first() {
            None => Content::Empty,
            Some(b'{' | b'[') => Content::Json,
            // JSON that is the text of a JSON string.
            Some(b'"') if start.starts_with(b"\"{") || start.starts_with(b"\"[{") => Content::Json,
            Some(b'<') => Content::Markup(markup(start)),
            Some(_) => Content::Text,
        }
    }

    /// Why a reader of JSON and tables cannot use it, if it cannot.
    pub fn refusal(self) -> Option<String> {
        match self {
            Content::Json | Content::Text => None,
            Content::Empty => Some("it is empty".to_owned()),
            Content::Markup(what) | Content::Other(what) => Some(format!("it is {what}")),
        }
    }
}

const BINARIES: [(&[u8], &str); 15] = [
    (b"PK\x03\x04", WORKBOOK),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Excel workbook of the old kind (.xls), or another old Office file: save it as .xlsx or CSV",
    ),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ\0", "compressed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"),
    (b"{\\rtf", "a text document (RTF): save it as plain text"),
    (b"%!PS", "a PostScript document"),
    (b"\x7fELF", "a program"),
];

/// A workbook, or anything else that was zipped.
pub(crate) const WORKBOOK: &str = "an Excel workbook or a zip archive";

/// What a file is that holds no text.
pub(super) fn of_binary(head: &[u8], has_stray_zeros: bool) -> Option<&'static str> {
    let known = BINARIES.iter().find(|(start, _)| head.starts_with(start));
    let is_control = |byte: &&u8| **byte < 0x20 && !b"\t\n\r\x0c\x1b".contains(*byte);
    let controls = head.iter().filter(is_control).count();
    let is_noise = has_stray_zeros && controls * 20 > head.len();
    known
        .map(|(_, what)| *what)
        .or_else(|| is_noise.then_some("no text: it is full of zeros and control characters"))
}

/// So many bytes tell the root of XML or HTML.
const HEAD: usize = 2_048;

fn markup(start: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(start);
    let head = String::from_utf8_lossy(start.get(..HEAD.min(start.len())).unwrap_or(start));
    let head = head.to_ascii_lowercase();
    let mut tags = head.split('<').map(|tag| {
        tag.split(|c: char| c.is_whitespace() || ['>', '/'].contains(&c))
            .next()
            .unwrap_or("")
    });
    let root = tags.find(|tag| tag.starts_with(|c: char| c.is_alphabetic()));
    match root.unwrap_or("") {
        "html" | "body" | "table" | "head" | "div" | "meta" | "style" => {
            "an HTML page, also where it is called .xls: export CSV or JSON instead"
        }
        "rss" => "Jira's XML of a search (RSS): export CSV or JSON instead",
        "entity-engine-xml" => "an XML backup of a whole Jira: export CSV or JSON instead",
        "workbook" => "an Excel workbook as XML: save it as .xlsx or CSV",
        _ => match XmlKind::of(&text) {
            XmlKind::Junit => "JUnit XML, which holds results: import it as results",
            XmlKind::Testlink => "TestLink's XML, which holds test cases: import it as test cases",
            XmlKind::Testrail => "TestRail's XML, which holds test cases: import it as test cases",
            XmlKind::Cases(_) => "XML that holds test cases: import it as test cases",
            XmlKind::Results(_) => {
                "the XML of a test runner, which holds results: let the runner write JUnit XML, and \
                 import that as results"
            }
            XmlKind::Other(_) => "XML",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_by_their_names() {
        assert!(of_binary(b"PK\x03\x04x", false).unwrap().contains("Excel"));
        assert!(
            of_binary(b"\0\x01\x02\x03", true)
                .unwrap()
                .contains("no text")
        );
        assert_eq!(of_binary(b"a\0b, a long line of text", true), None);
        let cases = [
            ("<rss version='0.92'>", "RSS"),
            ("<?xml version='1.0'?>\n<!-- x --><html>", "HTML"),
            ("<html><body><table>", "HTML"),
            ("<testsuite>", "results"),
            (
                "<testsuite><testcase name='a' classname='b' time='1'/></testsuite>",
                "import it as results",
            ),
            (
                "<testsuite name='a'><testcase internalid='9' name='b'><steps/></testcase></testsuite>",
                "import it as test cases",
            ),
            (
                "<testsuite name='NIM-1'><testcase name='Log in'><steps>x</steps></testcase></testsuite>",
                "import it as test cases",
            ),
        ];
        for (text, word) in cases {
            let Content::Markup(what) = Content::of(text.as_bytes()) else {
                panic!("{text}");
            };
            assert!(what.contains(word), "{text}: {what}");
        }
        assert_eq!(Content::of(b" \n"), Content::Empty);
        assert_eq!(Content::of(b"\n[1]"), Content::Json);
    }
}
