//! The zip package of a workbook: its parts as XML, never more bytes than a workbook may hold.

use std::collections::HashMap;
use std::io::{self, BufReader, Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;

/// The most that all parts together may hold, undone from compression.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The most between two marks of XML: a text is held as a whole. A cell takes 32,767 characters.
const LONGEST: usize = 4 * 1024 * 1024;

/// The parts of a package.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// The place of each part, by its name in lower case.
    places: HashMap<String, usize>,
    /// How many bytes may still be read: what a package says of its sizes counts for nothing.
    room: u64,
}

/// What stands in a part, one after the other.
pub(super) enum PartItem<'e> {
    Open(&'e BytesStart<'e>),
    Text(&'e str),
    Close(&'e str),
}

impl<'b> Package<'b> {
    /// # Errors
    /// Why it is no zip file, in words.
    pub fn open(bytes: &'b [u8]) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        let names = archive.file_names().enumerate();
        let places = names
            .filter_map(|(place, name)| Some((key(&name.ok()?), place)))
            .collect();
        Ok(Package {
            archive,
            places,
            room: MOST_BYTES,
        })
    }

    pub fn has(&self, part: &str) -> bool {
        self.places.contains_key(&key(part))
    }

    /// Whether a part's name begins so.
    pub fn has_any(&self, start: &str) -> bool {
        self.places.keys().any(|name| name.starts_with(start))
    }

    /// A short part as text; empty where it is not there.
    pub fn text(&mut self, part: &str) -> String {
        let mut text = Vec::new();
        if let Some(place) = self.places.get(&key(part))
            && let Ok(part) = self.archive.by_index(*place)
        {
            let _ = part.take(1_000).read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Hands over what stands in a part.
    ///
    /// # Errors
    /// What is wrong with it, in words; what came before was handed over.
    pub fn read(
        &mut self,
        part: &str,
        each: &mut dyn FnMut(PartItem<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let place = self.places.get(&key(part)).copied();
        let place = place.ok_or_else(|| format!("the part {part} is missing"))?;
        let file = self.archive.by_index(place);
        let file = file.map_err(|error| format!("the part {part} is damaged: {error}"))?;
        let mut limited = file.take(self.room);
        let read = events(&mut limited, each);
        self.room = limited.limit();
        match self.room {
            0 => Err("it holds more than 256 MB: split it".into()),
            _ => read,
        }
    }
}

fn events(
    part: &mut dyn Read,
    each: &mut dyn FnMut(PartItem<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let part = Tame { part, run: 0 };
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|error| format!("it is damaged: {error}"))? {
            Event::Start(start) => each(PartItem::Open(&start))?,
            Event::Empty(start) => {
                each(PartItem::Open(&start))?;
                each(PartItem::Close(start.local_name().as_ref()))?;
            }
            Event::End(end) => each(PartItem::Close(end.local_name().as_ref()))?,
            Event::Text(text) => each(PartItem::Text(&text.xml10_content()))?,
            Event::CData(text) => each(PartItem::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let c = reference.resolve_char_ref().ok().flatten();
                let c = c.or_else(|| entity(&reference.xml10_content()));
                let c = c.ok_or("it has an entity that XML does not know")?;
                each(PartItem::Text(c.encode_utf8(&mut [0; 4])))?;
            }
            Event::DocType(_) => return Err("a document type is not allowed".into()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// A part that ends with an error where a text has no end.
struct Tame<'p> {
    part: &'p mut dyn Read,
    /// Bytes since the last mark.
    run: usize,
}

impl Read for Tame<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.part.read(buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        self.run = match read.iter().rposition(|byte| *byte == b'<') {
            Some(place) => count - place,
            None => self.run + count,
        };
        match self.run > LONGEST {
            true => Err(io::Error::other("a text of it is longer than 4 MB")),
            false => Ok(count),
        }
    }
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// An attribute by its name without the prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = element.attributes().flatten();
    let found = all.find(|one| one.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// Whether a switch is on.
pub(super) fn is_on(value: Option<String>) -> bool {
    value.is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"))
}

/// Names of parts differ in case, slashes and a slash before.
fn key(part: &str) -> String {
    let name = part.replace('\\', "/").to_lowercase();
    name.trim_start_matches('/').to_owned()
}
