//! Every fitted number of the rankings, in one place.
//!
//! `cargo run --release -p atlas-benches --bin evaluate -- --fit` computes what is fitted from the
//! data and prints it; the rest says how it was chosen.

use super::similar::{CONTENT_SIGNALS, DUPLICATE_SIGNALS};

/// How alike two tickets are by content; sums to 1. Order: [`super::similar::ALIKE_NAMES`].
pub const ALIKE: [f32; CONTENT_SIGNALS] = [0.53, 0.14, 0.20, 0.13];

/// How likely two tickets are about the same part of the product; sums to 1. Chosen among a few on
/// the components of Titanium's last fifth. Order: [`super::similar::ALIKE_NAMES`].
pub const SAME_TOPIC: [f32; CONTENT_SIGNALS] = [0.5, 0.0, 0.0, 0.5];

/// How likely two tickets are one report. Order: [`super::similar::DUPLICATE_NAMES`].
pub const DUPLICATE: [f32; DUPLICATE_SIGNALS] = [
    13.18, -6.41, 4.92, 6.87, -3.09, 2.19, 10.96, -5.93, -1.69, -1.42, 0.72, 0.19,
];

/// How many signals say how well a pattern fits a ticket.
pub const MATCH_SIGNALS: usize = 6;

/// How well a pattern fits a ticket; chosen by hand among a few, the curve below is fitted. Order:
/// `pipeline::neural::signals`.
pub const MATCH: [f32; MATCH_SIGNALS] = [0.5, 0.1, 0.5, 0.6, 0.3, 0.1];
/// The logistic curve from the score of [`MATCH`] to a confidence. Flatter than the curve that fits
/// "is one of 5,059 test cases the one that was linked" (slope 9.5, offset -12.4): confidence ranks
/// and compares until it is calibrated on the user's own past, and a scenario worth testing is not
/// a hundred times less sure because another one is linked.
pub const MATCH_SLOPE: f32 = 5.0;
/// See [`MATCH_SLOPE`].
pub const MATCH_OFFSET: f32 = -6.0;
/// The same for patterns of the starter catalogue, which are general and few.
pub const STARTER_OFFSET: f32 = -4.75;

/// From this content score on, a pair is strongly alike: of the ten best answers to any Titanium
/// ticket, one in 25 at this score is linked as a duplicate; one in 120 at a medium score, one in
/// 400 below. Most duplicates are never linked, so the bands compare, they do not promise.
pub const BAND_STRONG: f32 = 0.75;
/// From this content score on, a pair is moderately alike.
pub const BAND_MEDIUM: f32 = 0.62;
/// The logistic curve from the score of [`DUPLICATE`] to a likelihood.
pub const DUPLICATE_SLOPE: f32 = 0.385;
/// See [`DUPLICATE_SLOPE`].
pub const DUPLICATE_OFFSET: f32 = -11.06;
