//! Lines of a bounded length.

use std::io::{BufRead, Result};

/// The longest message in bytes.
pub const MOST_BYTES: usize = 4 << 20;

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    Text(Vec<u8>),
    /// Longer than allowed; it was skipped to its end.
    TooLong,
    End,
}

/// Reads line by line and holds at most one.
pub struct Lines<R> {
    reader: R,
    most: usize,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Lines {
            reader,
            most: MOST_BYTES,
        }
    }

    pub fn next(&mut self) -> Result<Line> {
        let mut line = Vec::new();
        let (mut read, mut too_long) = (false, false);
        loop {
            let bytes = match self.reader.fill_buf() {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() && !read {
                return Ok(Line::End);
            }
            read = true;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let piece = &bytes[..end.unwrap_or(bytes.len())];
            too_long |= line.len() + piece.len() > self.most;
            if too_long {
                line = Vec::new();
            } else {
                line.extend_from_slice(piece);
            }
            let (ended, used) = (bytes.is_empty(), end.map_or(bytes.len(), |end| end + 1));
            self.reader.consume(used);
            match (end.is_some() || ended, too_long) {
                (true, true) => return Ok(Line::TooLong),
                (true, false) => return Ok(Line::Text(line)),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn a_line_too_long_is_skipped_and_the_next_is_read() {
        let input = b"short\n\n0123456789\nafter\nlast".as_slice();
        let mut lines = Lines {
            reader: BufReader::with_capacity(3, input),
            most: 8,
        };
        let text = |text: &str| Line::Text(text.into());
        assert_eq!(lines.next().unwrap(), text("short"));
        assert_eq!(lines.next().unwrap(), text(""));
        assert_eq!(lines.next().unwrap(), Line::TooLong);
        assert_eq!(lines.next().unwrap(), text("after"));
        assert_eq!(lines.next().unwrap(), text("last"));
        assert_eq!(lines.next().unwrap(), Line::End);
    }
}
