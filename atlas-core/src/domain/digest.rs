//! Hashes of content that are stored: over bytes that are written out, so that they are the same
//! in every version.

use xxhash_rust::xxh3::xxh3_128;

/// The parts of a content, each with its length, so that none runs into the next.
#[derive(Debug, Default)]
pub(crate) struct Digest(Vec<u8>);

impl Digest {
    /// Adds a text.
    pub fn text(mut self, text: &str) -> Self {
        self.0.extend((text.len() as u64).to_le_bytes());
        self.0.extend(text.as_bytes());
        self
    }

    /// Adds a text that may be absent, which is not the empty one.
    pub fn option(mut self, text: Option<&str>) -> Self {
        self.0.push(u8::from(text.is_some()));
        match text {
            Some(text) => self.text(text),
            None => self,
        }
    }

    /// Adds texts.
    pub fn texts<T: AsRef<str>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<T> = texts.into_iter().collect();
        self.0.extend((texts.len() as u64).to_le_bytes());
        texts.iter().fold(self, |all, text| all.text(text.as_ref()))
    }

    /// Adds a number that may be absent.
    pub fn number(mut self, number: Option<u64>) -> Self {
        self.0.push(u8::from(number.is_some()));
        self.0.extend(number.unwrap_or(0).to_le_bytes());
        self
    }

    /// The hash.
    pub fn hash(&self) -> u128 {
        xxh3_128(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other_and_the_hash_stays() {
        let hash = |parts: &[&str]| Digest::default().texts(parts).hash();
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["a", ""]), hash(&["a"]));
        let option = |text| Digest::default().option(text).hash();
        assert_ne!(option(None), option(Some("")));
        let all = Digest::default()
            .text("Überprüfung\u{200b}")
            .option(Some("a"))
            .texts(["b", "c"])
            .number(Some(7));
        // Stored hashes are compared with this for good.
        assert_eq!(
            format!("{:032x}", all.hash()),
            "adca212a1186cce7d53a2e8230bdee31"
        );
    }
}
