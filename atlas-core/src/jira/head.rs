//! What a file of JSON says beside its issues: the names of custom fields, an importer's links.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// So deep may an envelope be.
const DEEPEST: usize = 6;
/// The most names, and the most links, that are kept.
const MOST_NAMES: usize = 20_000;
const MOST_LINKS: usize = 1_000_000;

/// What stands beside the issues.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// What fields are called, by their ids.
    pub names: HashMap<String, String>,
    /// Links between an importer's ids, by where they begin: their type, and where they end.
    pub links: HashMap<String, Vec<(String, String)>>,
    /// What an importer's file has beside the issues and ATLAS does not keep, and how many of each.
    beside: BTreeMap<&'static str, usize>,
    /// Whether the issues lie in projects, as an importer takes them.
    has_projects: bool,
    count: usize,
}

/// Lists beside the issues of an importer's file.
const BESIDE: [&str; 3] = ["users", "versions", "components"];
/// They are in the document or in a project.
const DEEPEST_BESIDE: usize = 2;

impl Head {
    /// Looks through a file; one that is damaged up to there.
    pub fn read(reader: impl Read) -> Self {
        let mut head = Head::default();
        let mut values = serde_json::Deserializer::from_reader(reader);
        while HeadWalk::new(&mut head, WalkPosition::Around, 0)
            .deserialize(&mut values)
            .is_ok()
        {}
        head
    }

    /// The lists beside the issues that are not kept, and how many entries each has.
    pub fn unused(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let beside = self.beside.iter().filter(|_| self.has_projects);
        beside.map(|(name, count)| (*name, *count))
    }

    fn link(&mut self, mut link: HashMap<String, String>) {
        let mut text = |name: &str| link.remove(name);
        let ends = (text("sourceId"), text("name"), text("destinationId"));
        if let (Some(from), Some(kind), Some(to)) = ends
            && self.count < MOST_LINKS
        {
            self.count += 1;
            self.links.entry(from).or_default().push((kind, to));
        }
    }
}

/// Where a walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WalkPosition {
    /// In what encloses the issues.
    Around,
    /// In the object that says what fields are called.
    Names,
    /// In the list of links.
    Links,
    /// Where only a text counts.
    Text,
}

/// Walks through a value, past the issues' own fields; gives the value where it is a text.
struct HeadWalk<'h> {
    head: &'h mut Head,
    place: WalkPosition,
    depth: usize,
}

impl<'h> HeadWalk<'h> {
    fn new(head: &'h mut Head, place: WalkPosition, depth: usize) -> Self {
        HeadWalk { head, place, depth }
    }

    fn inner(&mut self, place: WalkPosition) -> HeadWalk<'_> {
        HeadWalk::new(self.head, place, self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for HeadWalk<'_> {
    type Value = Option<String>;
    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        match self.depth <= DEEPEST {
            true => value.deserialize_any(self),
            false => value.deserialize_ignored_any(IgnoredAny).map(|_| None),
        }
    }
}

impl<'de> Visitor<'de> for HeadWalk<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut texts = HashMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let is_near = self.place == WalkPosition::Around && self.depth <= DEEPEST_BESIDE;
            self.head.has_projects |= self.depth == 0 && is_near && name == "projects";
            let beside = BESIDE.iter().find(|list| is_near && **list == name);
            if let Some(list) = beside {
                let count = map.next_value::<Count>()?.0;
                if count > 0 {
                    *self.head.beside.entry(list).or_default() += count;
                }
                continue;
            }
            let place = match (self.place, name.as_str()) {
                (WalkPosition::Around, "names") => WalkPosition::Names,
                (WalkPosition::Around, "links") => WalkPosition::Links,
                (WalkPosition::Around, "fields" | "renderedFields" | "schema" | "changelog") => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                (WalkPosition::Around, _) => WalkPosition::Around,
                _ => WalkPosition::Text,
            };
            if let Some(text) = map.next_value_seed(self.inner(place))?
                && self.place != WalkPosition::Around
                && texts.len() < MOST_NAMES
            {
                texts.insert(name, text);
            }
        }
        match self.place {
            WalkPosition::Names if self.head.names.len() < MOST_NAMES => {
                self.head.names.extend(texts)
            }
            WalkPosition::Links => self.head.link(texts),
            _ => {}
        }
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut values: A) -> Result<Self::Value, A::Error> {
        let place = match self.place {
            WalkPosition::Names => WalkPosition::Text,
            place => place,
        };
        while values.next_element_seed(self.inner(place))?.is_some() {}
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok((self.place == WalkPosition::Text).then(|| text.to_owned()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok((self.place == WalkPosition::Text).then(|| number.to_string()))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// How many values a list has; 0 for anything else.
struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(Counter)
    }
}

struct Counter;

impl<'de> Visitor<'de> for Counter {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Count, A::Error> {
        let mut count = 0;
        while values.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Count(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Count, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Count(0))
    }

    fn visit_str<E>(self, _: &str) -> Result<Count, E> {
        Ok(Count(0))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Count, E> {
        Ok(Count(0))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Count, E> {
        Ok(Count(0))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Count, E> {
        Ok(Count(0))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Count, E> {
        Ok(Count(0))
    }
    fn visit_unit<E>(self) -> Result<Count, E> {
        Ok(Count(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_links_are_found_before_and_after_the_issues_and_in_envelopes() {
        for json in [
            r#"{"names":{"customfield_1":"AC","n":null},"issues":[{"fields":{"names":{"x":"y"}}}]}"#,
            r#"{"data":{"issues":[{"key":"A-1"}],"names":{"customfield_1":"AC"}}}"#,
            r#"[{"key":"A-1","names":{"customfield_1":"AC"}}]"#,
            "{\"key\":\"A-1\"}\n{\"names\":{\"customfield_1\":\"AC\"}}\n",
        ] {
            let head = Head::read(json.as_bytes());
            assert_eq!(head.names.len(), 1, "{json}");
            assert_eq!(head.names["customfield_1"], "AC", "{json}");
        }
        let head = Head::read(
            &br#"{"projects":[{"issues":[{}]}],"links":[{"name":"Blocks","sourceId":"1","destinationId":2},{"name":3},7]}"#[..],
        );
        assert_eq!(head.links["1"], [("Blocks".to_owned(), "2".to_owned())]);
        let head = Head::read(
            &br#"{"users":[{"name":"ida"},{}],"projects":[{"versions":[1],"components":[],"issues":[{"components":[1]}]},{"versions":[2]}]}"#[..],
        );
        let unused: Vec<_> = head.unused().collect();
        assert_eq!(unused, [("users", 2), ("versions", 2)]);
        let flat = Head::read(&br#"[{"key":"A-1","components":[{"name":"x"}],"users":7}]"#[..]);
        assert_eq!(flat.unused().count(), 0);
        assert!(
            Head::read(&b"{\"names\": [1, \"x\"], \"links\": \"x\"} junk"[..])
                .names
                .is_empty()
        );
    }
}
