//! The part of a text that is held while its rows are told apart.

use std::io::{self, Read};

/// A longer row is a quote that was never closed, and must not fill the memory.
pub(super) const LONGEST_ROW: usize = 64 * 1024 * 1024;
const CHUNK: usize = 128 * 1024;

/// What was read and not yet handed on.
pub(super) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    failed: Option<io::Error>,
}

impl<R: Read> Window<R> {
    pub fn new(reader: R) -> Self {
        Window {
            reader,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            failed: None,
        }
    }

    /// What is held.
    pub fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// Whether nothing comes after what is held.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Why the text ends where it does, where reading failed. Says it once.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// Whether reading failed.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Takes bytes away from the front.
    pub fn advance(&mut self, count: usize) {
        self.at += count.min(self.rest().len());
        if self.at > CHUNK {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
    }

    /// Reads on, as much again as there is.
    ///
    /// # Errors
    /// `FileTooLarge` where too much is held already.
    pub fn more(&mut self) -> io::Result<()> {
        let held = self.rest().len();
        if held > LONGEST_ROW {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let wanted = held.max(CHUNK) as u64;
        let read = (&mut self.reader)
            .take(wanted)
            .read_to_end(&mut self.buffer);
        match read {
            Ok(0) => self.ended = true,
            Ok(_) => {}
            // What was read before is used first.
            Err(error) => {
                self.ended = true;
                self.failed = Some(error);
            }
        }
        Ok(())
    }

    /// The line at a place: its end, and where the next one begins.
    ///
    /// # Errors
    /// As [`more`](Self::more).
    pub fn line_at(&mut self, from: usize) -> io::Result<(usize, usize)> {
        loop {
            let rest = self.rest().get(from..).unwrap_or_default();
            if let Some(end) = memchr::memchr2(b'\n', b'\r', rest)
                && (end + 1 < rest.len() || self.ended)
            {
                let feed = usize::from(rest[end..].starts_with(b"\r\n"));
                return Ok((from + end, from + end + 1 + feed));
            }
            if self.ended {
                return Ok((from + rest.len(), from + rest.len()));
            }
            self.more()?;
        }
    }
}

/// How many lines a text ends, whatever ends them.
pub(super) fn lines_in(text: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', text).count();
    let alone = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n'));
    (feeds + alone.count()) as u64
}

/// The lines of a text, without what ends them.
pub(super) fn physical(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', text) else {
            rest = None;
            return Some(text);
        };
        let feed = usize::from(text[end..].starts_with(b"\r\n"));
        rest = text.get(end + 1 + feed..);
        text.get(..end)
    })
}
