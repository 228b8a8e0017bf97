//! How much memory reading a file may take: a multiple of the bytes that the file has on the disk.
//!
//! A few kilobytes of gzip can hold gigabytes of elements. What they would take is counted before
//! it is taken, and a file of more is refused in words.

/// What reading may take however small the file is.
const LEAST: u64 = 64 * 1024 * 1024;
/// For each byte on the disk so many more.
const FOR_A_BYTE: u64 = 256;
/// No reading takes more.
const MOST: u64 = 768 * 1024 * 1024;
/// What one record of JSON may take.
const MOST_OF_A_RECORD: u64 = 256 * 1024 * 1024;

/// Memory that may be taken, and what of it was taken.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    left: u64,
    all: u64,
}

impl Budget {
    /// For the content of a file with so many bytes on the disk.
    pub fn of_file(length: u64) -> Self {
        let more = length.saturating_mul(FOR_A_BYTE);
        Budget::new(LEAST.saturating_add(more).min(MOST))
    }

    /// For one record among others.
    pub fn of_record() -> Self {
        Budget::new(MOST_OF_A_RECORD)
    }

    fn new(all: u64) -> Self {
        Budget { left: all, all }
    }

    /// All of it.
    pub fn bytes(&self) -> u64 {
        self.all
    }

    /// Takes so many bytes.
    ///
    /// # Errors
    /// Words, where no more is left.
    pub fn take(&mut self, bytes: usize) -> Result<(), String> {
        match self.left.checked_sub(bytes as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(format!(
                "it would take more than {} MB of memory, which is too much for a file of its \
                 size: split it, or give it without compression",
                self.all / (1024 * 1024)
            )),
        }
    }

    /// Takes what a text of JSON will take as values.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub fn take_json(&mut self, text: &[u8]) -> Result<(), String> {
        self.take(json_cost(text))
    }
}

/// A node of an object's tree, which holds up to eleven members.
const OBJECT: usize = 640;
/// A member or an element, with what lies free beside it.
const MEMBER: usize = 96;
/// What a text takes beside its bytes.
const TEXT: usize = 40;

/// About the bytes that the values of JSON take in memory.
fn json_cost(text: &[u8]) -> usize {
    let (mut cost, mut at) = (text.len(), 0);
    while let Some(found) = memchr::memchr3(b'"', b'{', b',', text.get(at..).unwrap_or_default()) {
        at += found;
        cost += match text.get(at) {
            Some(b'{') => OBJECT,
            Some(b',') => MEMBER,
            _ => {
                at = end_of_text(text, at + 1);
                TEXT
            }
        };
        at += 1;
    }
    cost
}

/// The place of the quote that ends the text that begins here.
fn end_of_text(text: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += found;
        match text.get(at) {
            Some(b'"') => return at,
            _ => at += 2,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_grows_with_the_file_and_has_an_end() {
        const MB: usize = 1024 * 1024;
        assert!(Budget::of_file(0).take(64 * MB).is_ok());
        assert!(Budget::of_file(0).take(65 * MB).is_err());
        assert!(Budget::of_file(1024 * 1024).take(320 * MB).is_ok());
        let mut large = Budget::of_file(u64::MAX);
        assert!(large.take(768 * MB).is_ok());
        let reason = large.take(1).unwrap_err();
        assert!(reason.contains("768 MB"), "{reason}");
    }

    #[test]
    fn json_costs_what_it_holds_and_not_what_its_texts_look_like() {
        let few = json_cost(br#"{"a": "{,{,\"{,"}"#);
        assert_eq!(few, 17 + OBJECT + 2 * TEXT);
        assert_eq!(json_cost(b"[1,2,3]"), 7 + 2 * MEMBER);
        assert_eq!(json_cost(br#"["open"#), 6 + TEXT);
        let many = format!("[{}0]", r#"{"a":1},"#.repeat(1_000_000));
        assert!(Budget::of_file(8_000).take_json(many.as_bytes()).is_err());
        assert!(Budget::of_record().take_json(many.as_bytes()).is_err());
    }
}
