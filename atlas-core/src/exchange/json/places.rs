//! Where the records of a document lie: found by the names of pages, else by the fields of records.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::scan::{RawValue, Scanner};
use super::{Beside, Shape, value};

/// Objects that are kept when they stand beside records.
pub(super) const BESIDE: [&str; 2] = ["names", "schema"];
/// Records lie no deeper.
const DEEPEST: usize = 10;
/// So many elements of an array show what they are.
const SHOWN: usize = 50;
/// The most places that are looked at.
const MOST_PLACES: usize = 5_000;
/// The longest object that is kept from beside records, in bytes.
const LONGEST_BESIDE: usize = 1024 * 1024;

/// All values at one place of a document: `data.issues[]` is one place.
#[derive(Debug, Default)]
pub(super) struct Node {
    members: BTreeMap<String, Node>,
    element: Option<Box<Node>>,
    /// How many objects, arrays and other values lie here.
    objects: u64,
    arrays: u64,
    others: u64,
    /// Which fields of a record the objects have, a bit each.
    fields: u64,
    has_text: bool,
    pub is_record: bool,
    pub is_text: bool,
    /// Records lie here or below.
    pub is_on_way: bool,
    /// Of the whole document: what stands beside records.
    pub beside: Beside,
}

/// The place of a name among names, without regard to capitals.
pub(super) fn place_of(name: &str, names: &[&str]) -> Option<usize> {
    names.iter().position(|one| one.eq_ignore_ascii_case(name))
}

/// The bit of a record's field.
fn bit(name: &str, shape: &Shape) -> Option<u64> {
    place_of(name, shape.fields).map(|at| 1 << at.min(63))
}

impl Node {
    /// Looks through a document, or several one after the other.
    ///
    /// # Errors
    /// Those of the reader; what was seen before counts.
    pub fn look(
        &mut self,
        scanner: &mut Scanner<'_, impl BufRead>,
        shape: &Shape,
    ) -> io::Result<()> {
        let mut look = PlaceSearch {
            scanner,
            shape,
            places: 0,
            beside: Map::new(),
        };
        let mut looked = Ok(());
        while looked.is_ok() && look.scanner.document()? {
            looked = look.value(self, 0);
        }
        self.beside = look.beside;
        looked
    }

    /// Marks the places of the records; false where there are none.
    pub fn choose(&mut self, shape: &Shape) -> bool {
        let (found, is_empty) = self.mark_pages(shape);
        if !found && !is_empty {
            match self.best(0, false) {
                // The id of an answer whose records are in a text.
                Some(best) if !best.in_array && best.is_weak(shape) && self.mark_texts() => {
                    return true;
                }
                Some(best) => self.mark(&best.path),
                // `[]` holds no records of any kind.
                None if self.arrays > 0 && self.element.is_none() && self.objects == 0 => {}
                None => return self.mark_texts(),
            }
        }
        self.mark_way();
        true
    }

    /// Whether only texts are to be opened.
    pub fn is_only_text(&self) -> bool {
        self.is_text
            || self.members.values().any(Node::is_only_text)
            || self
                .element
                .as_ref()
                .is_some_and(|node| node.is_only_text())
    }

    pub fn member(&self, name: &str) -> Option<&Node> {
        self.members.get(name).filter(|node| node.is_on_way)
    }

    pub fn element(&self) -> Option<&Node> {
        self.element.as_deref().filter(|node| node.is_on_way)
    }

    /// Hands over the values at the places that were found, in every document that follows.
    pub fn records<R: BufRead>(
        &self,
        scanner: &mut Scanner<'_, R>,
        each: &mut dyn FnMut(&Node, RawValue) -> ControlFlow<()>,
    ) -> io::Result<()> {
        while scanner.document()? {
            if self.values(scanner, each)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn values<R: BufRead>(
        &self,
        scanner: &mut Scanner<'_, R>,
        each: &mut dyn FnMut(&Node, RawValue) -> ControlFlow<()>,
    ) -> io::Result<ControlFlow<()>> {
        let next = scanner.some()?;
        if self.is_record || self.is_text && next == b'"' {
            let raw = scanner.value()?;
            return Ok(each(self, raw));
        }
        match next {
            b'{' if self.is_on_way => {
                scanner.enter()?;
                while let Some(name) = scanner.name()? {
                    if !scanner.has_value()? {
                        continue;
                    }
                    match self.member(&name) {
                        Some(member) => {
                            if member.values(scanner, each)?.is_break() {
                                return Ok(ControlFlow::Break(()));
                            }
                        }
                        None => scanner.skip()?,
                    }
                }
            }
            b'[' if self.element().is_some() => {
                scanner.enter()?;
                while scanner.has_element()? {
                    let Some(element) = self.element() else { break };
                    if element.values(scanner, each)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
            _ => scanner.skip()?,
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Marks the elements of pages; says whether there are any, and whether there are empty pages.
    fn mark_pages(&mut self, shape: &Shape) -> (bool, bool) {
        let (mut found, mut is_empty) = (false, false);
        let is_plain = self.fields == 0;
        for (name, node) in &mut self.members {
            if place_of(name, shape.pages).is_none() || node.arrays == 0 {
                continue;
            }
            match &mut node.element {
                None => is_empty = is_empty || is_plain,
                Some(element) if element.objects > 0 && (element.fields > 0 || is_plain) => {
                    // An envelope that is called like a page holds pages itself.
                    let inner = element.mark_pages(shape).0;
                    element.is_record = !inner;
                    found = true;
                }
                Some(_) => {}
            }
        }
        // What repeats, has a record's fields and is no page is a record.
        if found || (self.objects > 1 && self.fields > 0) {
            return (found, is_empty);
        }
        let below = self.members.values_mut().chain(self.element.as_deref_mut());
        for node in below {
            let (more, empty) = node.mark_pages(shape);
            (found, is_empty) = (found || more, is_empty || empty);
        }
        (found, is_empty)
    }

    /// The place whose objects have the most fields of a record, the outermost of equals.
    fn best(&self, depth: usize, in_array: bool) -> Option<BestPlace> {
        let members = self
            .members
            .iter()
            .map(|(name, node)| (Some(name), node, false));
        let element = self.element.iter().map(|node| (None, &**node, true));
        let below = members
            .chain(element)
            .filter_map(|(name, node, is_element)| {
                let mut best = node.best(depth + 1, is_element)?;
                best.path.push(name.cloned());
                Some(best)
            });
        let below = below.max_by(|a, b| a.rank().cmp(&b.rank()).then(b.path.cmp(&a.path)));
        let own = (self.objects > 0 && self.fields > 0).then(|| BestPlace {
            fields: self.fields,
            in_array,
            depth,
            path: Vec::new(),
        });
        match (own, below) {
            (Some(own), Some(below)) => {
                let is_envelope =
                    self.objects == 1 && below.in_array && below.count() > own.count();
                Some(if is_envelope { below } else { own })
            }
            (own, below) => own.or(below),
        }
    }

    /// Marks the place at the end of a path, whose first step is the last.
    fn mark(&mut self, path: &[Option<String>]) {
        let Some((step, rest)) = path.split_last() else {
            self.is_record = true;
            return;
        };
        let below = match step {
            Some(name) => self.members.get_mut(name),
            None => self.element.as_deref_mut(),
        };
        if let Some(node) = below {
            node.mark(rest);
        }
    }

    fn mark_texts(&mut self) -> bool {
        self.is_text = self.has_text;
        let mut is_any = self.is_text;
        for node in self.members.values_mut().chain(self.element.as_deref_mut()) {
            is_any |= node.mark_texts();
        }
        self.is_on_way = is_any;
        is_any
    }

    fn mark_way(&mut self) -> bool {
        let mut is_any = self.is_record;
        for node in self.members.values_mut().chain(self.element.as_deref_mut()) {
            is_any |= node.mark_way();
        }
        self.is_on_way = is_any;
        is_any
    }
}

struct BestPlace {
    /// A bit for each field.
    fields: u64,
    in_array: bool,
    depth: usize,
    path: Vec<Option<String>>,
}

impl BestPlace {
    fn rank(&self) -> (u32, bool, std::cmp::Reverse<usize>) {
        (self.count(), self.in_array, std::cmp::Reverse(self.depth))
    }

    fn count(&self) -> u32 {
        self.fields.count_ones()
    }

    /// Whether it has only fields that other objects have as well.
    fn is_weak(&self, shape: &Shape) -> bool {
        let weak = shape.weak.iter().filter_map(|name| bit(name, shape));
        self.fields & !weak.fold(0, |all, bit| all | bit) == 0
    }
}

/// The first pass over a document.
struct PlaceSearch<'l, 's, R> {
    scanner: &'l mut Scanner<'s, R>,
    shape: &'l Shape,
    places: usize,
    beside: Beside,
}

impl<R: BufRead> PlaceSearch<'_, '_, R> {
    fn value(&mut self, node: &mut Node, depth: usize) -> io::Result<()> {
        match self.scanner.peek()? {
            Some(b'{') => {
                node.objects += 1;
                self.object(node, depth)
            }
            Some(b'[') => {
                node.arrays += 1;
                self.array(node, depth)
            }
            Some(byte) => {
                node.others += 1;
                node.has_text = node.has_text || (byte == b'"' && self.scanner.is_json_text()?);
                self.scanner.skip()
            }
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn object(&mut self, node: &mut Node, depth: usize) -> io::Result<()> {
        self.scanner.enter()?;
        while let Some(name) = self.scanner.name()? {
            node.fields |= bit(&name, self.shape).unwrap_or(0);
            if !self.scanner.has_value()? {
                continue;
            }
            let next = self.scanner.peek()?;
            if next == Some(b'{') && BESIDE.contains(&name.as_str()) {
                self.beside(&name)?;
                continue;
            }
            let is_new = !node.members.contains_key(&name);
            self.places += usize::from(is_new);
            if depth >= DEEPEST || self.places > MOST_PLACES {
                self.scanner.skip()?;
                continue;
            }
            self.value(node.members.entry(name).or_default(), depth + 1)?;
        }
        Ok(())
    }

    fn array(&mut self, node: &mut Node, depth: usize) -> io::Result<()> {
        self.scanner.enter()?;
        let mut count = 0;
        while self.scanner.has_element()? {
            count += 1;
            if count > SHOWN || depth >= DEEPEST {
                self.scanner.skip()?;
            } else {
                let element = node.element.get_or_insert_default();
                self.value(element, depth + 1)?;
            }
        }
        Ok(())
    }

    fn beside(&mut self, name: &str) -> io::Result<()> {
        let raw = self.scanner.value()?;
        let Ok(bytes) = raw.bytes else {
            return Ok(());
        };
        if bytes.len() > LONGEST_BESIDE {
            return Ok(());
        }
        if let Ok(Value::Object(found)) = value::parse(&bytes) {
            let all = self.beside.entry(name).or_insert_with(|| Map::new().into());
            if let Some(all) = all.as_object_mut()
                && all.len() < MOST_PLACES
            {
                all.extend(found);
            }
        }
        Ok(())
    }
}
