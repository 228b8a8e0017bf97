//! The lines on which the elements of an array of a JSON text begin.

/// The lines, from 1, of the elements of every array that has this name, or of the outermost array
/// for an empty name. The text is valid JSON.
pub(super) fn of(text: &str, array: &str) -> Vec<u64> {
    let mut scan = LineScan {
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
    };
    let (mut lines, mut open, mut name) = (Vec::new(), Vec::new(), String::new());
    while let Some(byte) = scan.next() {
        // Whether the elements of the innermost container are asked for.
        let wanted = open.last() == Some(&true);
        match byte {
            b'}' | b']' => {
                open.pop();
            }
            b',' | b':' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                if wanted {
                    lines.push(scan.line);
                }
                match byte {
                    b'{' => open.push(false),
                    b'[' => {
                        let is_named = name == array;
                        open.push(is_named && (!array.is_empty() || open.is_empty()));
                    }
                    b'"' => name = scan.string(),
                    _ => scan.scalar(),
                }
                if byte == b'{' || byte == b'[' {
                    name.clear();
                }
            }
        }
    }
    lines
}

struct LineScan<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u64,
}

impl LineScan<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        self.line += u64::from(byte == b'\n');
        Some(byte)
    }

    /// The rest of a string, without the quotes.
    fn string(&mut self) -> String {
        let start = self.at;
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
        let end = self.at.saturating_sub(1);
        let bytes = self.bytes.get(start..end).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// The rest of a number or word.
    fn scalar(&mut self) {
        while let Some(byte) = self.bytes.get(self.at)
            && !b",]}".contains(byte)
            && !byte.is_ascii_whitespace()
        {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn elements_have_lines() {
        let text =
            "{\"info\":{\"a\":[1]},\n\"tests\" : [\n{\"x\":[{}]}, {\n\"tests\\\"\":2},\n 7,\"a\"]}";
        assert_eq!(of(text, "tests"), [3, 3, 5, 5]);
        assert_eq!(of("[1,\n[2],\n{}]", ""), [1, 2, 3]);
        assert_eq!(
            of(
                "[{\"elements\":[{}\n,{}]},\n{\"elements\":[{}]}]",
                "elements"
            ),
            [1, 2, 3]
        );
    }
}
