//! Server-sent events, as they come in parts of any size.

use std::time::Duration;

/// An event that has data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ServerEvent {
    pub data: String,
}

/// Reads a stream of events. Comments and fields of other kinds are passed over.
#[derive(Debug, Default)]
pub(super) struct ServerEvents {
    line: Vec<u8>,
    data: Option<String>,
    /// The last byte ended a line with a carriage return; a line feed after it is part of that.
    after_return: bool,
    /// Where a stream that breaks off can be taken up.
    pub last_id: Option<String>,
    /// What the server asks to wait before that.
    pub retry: Option<Duration>,
}

impl ServerEvents {
    /// Takes what came, and gives the events that it completes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<ServerEvent> {
        let mut complete = Vec::new();
        for &byte in bytes {
            let is_second_half = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                b'\n' if is_second_half => {}
                b'\n' | b'\r' => complete.extend(self.end_of_line()),
                _ => self.line.push(byte),
            }
        }
        complete
    }

    /// What is left when the stream ends: servers forget the empty line after the last event.
    pub(super) fn end(&mut self) -> Option<ServerEvent> {
        self.end_of_line().or_else(|| self.end_of_line())
    }

    fn end_of_line(&mut self) -> Option<ServerEvent> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
        if line.is_empty() {
            let data = self.data.take()?;
            return Some(ServerEvent { data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => *data += &format!("\n{value}"),
                None => self.data = Some(value.to_owned()),
            },
            // It goes back in a header.
            "id" if value.bytes().all(|byte| byte.is_ascii_graphic()) => {
                self.last_id = Some(value.to_owned()).filter(|id| !id.is_empty());
            }
            "retry" => {
                let millis = value.parse().ok();
                self.retry = millis.map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stream: &str, part: usize) -> (Vec<String>, ServerEvents) {
        let mut events = ServerEvents::default();
        let mut read = Vec::new();
        for part in stream.as_bytes().chunks(part) {
            read.extend(events.feed(part));
        }
        read.extend(events.end());
        (read.into_iter().map(|event| event.data).collect(), events)
    }

    #[test]
    fn events_are_read_whatever_their_parts_and_line_ends() {
        let stream = "\u{feff}: keep-alive\n\nid: 7\nevent: message\ndata: {\"a\":\ndata:  1}\n\n\
                      retry: 50\ndata:é\n\nid\nfoo: bar\n\ndata: last";
        for line_end in ["\n", "\r\n", "\r"] {
            let stream = stream.replace('\n', line_end);
            for part in [1, 2, 3, 1_000] {
                let (read, events) = read(&stream, part);
                assert_eq!(read, ["{\"a\":\n 1}", "é", "last"], "{line_end:?} {part}");
                assert_eq!(events.retry, Some(Duration::from_millis(50)));
                assert_eq!(events.last_id, None, "an empty id forgets the one before");
            }
        }
    }

    #[test]
    fn an_id_that_no_header_could_hold_is_not_kept() {
        assert_eq!(read("id: a\n\n", 9).1.last_id.as_deref(), Some("a"));
        assert_eq!(read("id: a\tb\n\nid: é\n\n", 9).1.last_id, None);
    }
}
