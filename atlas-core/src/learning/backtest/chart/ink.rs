//! Colours and text of the picture.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A part of the picture, in pixels.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// Whether it could be drawn.
pub type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// The background.
pub const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFE);
/// Text.
pub const TEXT: RGBColor = RGBColor(0x1F, 0x23, 0x28);
/// Text that may be overread.
pub const FAINT: RGBColor = RGBColor(0x65, 0x6D, 0x76);
/// Axes and the border.
pub const LINE: RGBColor = RGBColor(0xD0, 0xD7, 0xDE);
/// The grid.
pub const GRID: RGBColor = RGBColor(0xEA, 0xEE, 0xF2);
/// ATLAS.
pub const OWN: RGBColor = RGBColor(0x09, 0x69, 0xDA);
/// Its parts.
pub const PARTS: RGBColor = RGBColor(0x8C, 0xBD, 0xF5);
/// A pale area behind a curve of ATLAS.
pub const PALE: RGBColor = RGBColor(0xDD, 0xEC, 0xFD);
/// What one could do instead.
pub const OTHERS: RGBColor = RGBColor(0xAF, 0xB8, 0xC1);
/// Curves of what one could do instead.
pub const OTHER_LINE: RGBColor = RGBColor(0x8C, 0x95, 0x9F);
/// What wants a look.
pub const ALARM: RGBColor = RGBColor(0xBC, 0x4C, 0x00);

/// Each colour, and what it is where a dark background is preferred.
const DARK: [(RGBColor, &str); 10] = [
    (PAPER, "#0D1117"),
    (TEXT, "#E6EDF3"),
    (FAINT, "#9198A1"),
    (LINE, "#3D444D"),
    (GRID, "#21262D"),
    (OWN, "#4493F8"),
    (PARTS, "#2A5C9E"),
    (PALE, "#16273D"),
    (OTHERS, "#59636E"),
    (ALARM, "#F0883E"),
];

/// A style element that swaps the colours where a dark background is preferred. Viewers that know
/// no styles show the light ones.
pub fn dark_style() -> String {
    let rules = DARK.iter().map(|(RGBColor(r, g, b), dark)| {
        let light = format!("#{r:02X}{g:02X}{b:02X}");
        format!("[fill=\"{light}\"]{{fill:{dark}}}[stroke=\"{light}\"]{{stroke:{dark}}}")
    });
    let rules: String = rules.collect();
    format!("<style>@media (prefers-color-scheme: dark){{{rules}}}</style>\n")
}

/// A colour with a weight.
#[derive(Clone, Copy)]
pub struct Ink(RGBColor, FontStyle);

/// Running text of a colour.
pub fn thin(colour: RGBColor) -> Ink {
    Ink(colour, FontStyle::Normal)
}

/// Text of a colour that stands out.
pub fn bold(colour: RGBColor) -> Ink {
    Ink(colour, FontStyle::Bold)
}

/// The font of a size in pixels, for text and axes.
pub fn font(size: i32, Ink(colour, style): Ink) -> TextStyle<'static> {
    // The backend divides sizes by 1.24.
    let font = FontDesc::new(FontFamily::SansSerif, f64::from(size) * 1.24, style);
    TextStyle {
        color: colour.to_backend_color(),
        ..TextStyle::from(font)
    }
}

/// Writes a line whose left upper corner is at a point.
pub fn text(area: &Area<'_>, at: (i32, i32), line: &str, size: i32, ink: Ink) -> Drawn {
    anchored(area, at, line, size, ink, (HPos::Left, VPos::Top))
}

/// Writes a line beside, above or around a point.
pub fn anchored(
    area: &Area<'_>,
    at: (i32, i32),
    line: &str,
    size: i32,
    ink: Ink,
    (across, down): (HPos, VPos),
) -> Drawn {
    let style = font(size, ink).pos(Pos::new(across, down));
    area.draw(&Text::new(line.to_owned(), at, style))
}

/// About how wide a line is: no font is asked, so it is rather too wide than too narrow.
pub fn text_width(line: &str, size: i32) -> i32 {
    let em: f64 = line
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.36,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
            c if c.is_ascii_uppercase() => 0.72,
            c if c.is_ascii() => 0.62,
            _ => 1.0,
        })
        .sum();
    (em * f64::from(size)).ceil() as i32
}

/// The text in lines of a width.
pub fn wrapped(text: &str, width: i32, size: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = cut(word, width, size);
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size) <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The text, with `…` at its end where it is too wide.
pub fn cut(text: &str, width: i32, size: i32) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if text_width(&kept, size) + size > width {
            kept.pop();
            break;
        }
    }
    kept.trim_end().to_owned() + "…"
}

/// One line without what XML forbids and without marks that turn the direction of text around.
pub fn plain(text: &str) -> String {
    let spaced = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c });
    spaced
        .filter(|c| {
            !c.is_control()
                && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                    | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
        })
        .collect()
}
