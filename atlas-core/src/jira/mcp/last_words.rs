//! What a server's process wrote last to its standard error: why it ended, as a rule.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::ChildStderr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Lines that are kept.
const MOST_LINES: usize = 8;
/// The longest line that is kept, in bytes. A longer one is left out whole: a part of it might
/// begin with the rest of a credential, which would not be known as one.
const LONGEST_LINE: u64 = 4096;
/// How much is told, in bytes, but for a last line that is longer by itself.
const ENOUGH: usize = 200;
const POLL: Duration = Duration::from_millis(10);

/// Reads the standard error of a process, so that it never blocks, and keeps its end.
pub(super) struct LastWords {
    lines: Arc<Mutex<VecDeque<String>>>,
    reader: JoinHandle<()>,
}

impl LastWords {
    pub(super) fn of(errors: ChildStderr) -> Self {
        let lines = Arc::new(Mutex::new(VecDeque::new()));
        let kept = lines.clone();
        let reader = thread::spawn(move || read(errors, &kept));
        LastWords { lines, reader }
    }

    /// The last lines, whole, the newest at the end; to be freed of credentials. Waits so long for
    /// what is still on its way.
    pub(super) fn tell(&self, most: Duration) -> Option<String> {
        let deadline = Instant::now() + most;
        while !self.reader.is_finished() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        last(&self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn last(lines: &VecDeque<String>) -> Option<String> {
    let mut length = 0;
    let enough = |line: &&String| {
        length += line.len();
        length == line.len() || length <= ENOUGH
    };
    let mut told: Vec<&str> = lines
        .iter()
        .rev()
        .take_while(enough)
        .map(String::as_str)
        .collect();
    told.reverse();
    (!told.is_empty()).then(|| told.join("\n"))
}

fn read(errors: impl Read, kept: &Mutex<VecDeque<String>>) {
    let mut errors = BufReader::new(errors);
    let (mut line, mut is_rest) = (Vec::new(), false);
    loop {
        line.clear();
        let part = errors
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line);
        if matches!(part, Ok(0) | Err(_)) {
            return;
        }
        let is_whole = line.last() == Some(&b'\n') || (line.len() as u64) < LONGEST_LINE;
        let is_part = std::mem::replace(&mut is_rest, !is_whole) || !is_whole;
        let text = plain(&String::from_utf8_lossy(&line));
        // Frames and rules say nothing.
        if is_part || !text.contains(char::is_alphanumeric) {
            continue;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(text);
        if kept.len() > MOST_LINES {
            kept.pop_front();
        }
    }
}

/// A line without colours and other control characters.
fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            // A control sequence goes to its first letter.
            '\u{1b}' => {
                let _ = rest.by_ref().find(char::is_ascii_alphabetic);
            }
            '\t' => plain.push(' '),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(errors: &str) -> Option<String> {
        let kept = Mutex::new(VecDeque::new());
        read(errors.as_bytes(), &kept);
        last(&kept.into_inner().unwrap())
    }

    #[test]
    fn the_end_is_told_in_whole_lines() {
        assert_eq!(told(""), None);
        let log = format!(
            "{}\nTraceback:\n\n  no such module",
            "a line\n".repeat(9_000)
        );
        let end = told(&log).unwrap();
        assert!(end.ends_with("a line\nTraceback:\nno such module"), "{end}");
        assert!(end.len() < 300);
        let long = format!("before\n{}\n", "x".repeat(500));
        assert_eq!(told(&long).unwrap().len(), 500);
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_whole() {
        for length in [LONGEST_LINE as usize, 4 * LONGEST_LINE as usize, 9_999] {
            let log = format!("before\n{}\nafter\n", "x".repeat(length));
            assert_eq!(told(&log).as_deref(), Some("before\nafter"), "{length}");
        }
    }

    #[test]
    fn colours_and_frames_are_left_out() {
        let log = "╭──────╮\n\u{1b}[1;31mError\u{1b}[0m:\u{7} no\tURL\r\n╰──────╯\n";
        assert_eq!(told(log).as_deref(), Some("Error: no URL"));
    }
}
