//! Every fitted number of the rankings, in one place.
//!
//! `cargo run --release -p atlas-benches --bin evaluate -- --fit` computes what is fitted from the
//! data and prints it; the rest says how it was chosen.

/// How many signals [`content_signals`](super::similar::content_signals) gives.
pub const CONTENT_SIGNALS: usize = 4;

/// How alike two tickets are by content; sums to 1. Order: [`super::similar::ALIKE_NAMES`].
pub const ALIKE: [f32; CONTENT_SIGNALS] = [0.53, 0.14, 0.20, 0.13];

/// How likely two tickets are about the same part of the product; sums to 1. Chosen among a few on
/// the components of Titanium's last fifth. Order: [`super::similar::ALIKE_NAMES`].
pub const SAME_TOPIC: [f32; CONTENT_SIGNALS] = [0.5, 0.0, 0.0, 0.5];

/// How many signals the duplicate ranker weighs.
pub const DUPLICATE_SIGNALS: usize = 12;

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
/// A text of which the encoder knows a smaller share ([`crate::text::wordpiece::WordPiece::known`])
/// has no vector. From this share to 1 the vector of what asks counts more and more, and words in its
/// place less and less.
///
/// Measured on 824 reports to an editor in about 15 languages and 800 English tickets and test
/// cases: each title asks for its own text among all 1,624. The table is of Chinese, Japanese,
/// Korean, Russian, Arabic and Thai: how many titles have another of their language at a cosine
/// above .95, and how many find their own text among the first ten, by vector and by words.
///
/// | share known | titles | above .95 | by vector | by words |
/// |---|---|---|---|---|
/// | to .01 | 266 | .97 | .08 | .17 |
/// | to .3 | 162 | .32 | .25 | .29 |
/// | to .5 | 40 | .23 | .45 | .38 |
/// | to .6 | 8 | .12 | .25 | .38 |
/// | to .7 | 8 | .00 | .88 | .50 |
///
/// Above that there are few, and alike are short titles such as "bug". Near the level the numbers
/// are small: it was chosen where false likeness ends. It costs nothing elsewhere: all 800 English
/// titles have a share of 1, as have 152 of 153 in Portuguese, Spanish, French, German, Italian and
/// Turkish, where vectors find .38 to .67 and words .25 to .67, sometimes more, sometimes less.
pub const LEAST_KNOWN: f32 = 0.6;
/// What equal words say at most of two tickets of which the encoder does not know one, as a content
/// score: below [`BAND_MEDIUM`], because without the encoder nothing is called more than weak.
pub const WORDS_ALONE: f32 = 0.6;
/// The logistic curve from the score of [`DUPLICATE`] to a likelihood.
pub const DUPLICATE_SLOPE: f32 = 0.385;
/// See [`DUPLICATE_SLOPE`].
pub const DUPLICATE_OFFSET: f32 = -11.06;
