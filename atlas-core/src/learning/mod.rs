//! Learning from the past: examples, a ranker, calibration, and the proof that it helps.

pub mod backtest;
pub mod calibration;
pub mod example;
pub mod features;
pub mod listwise;
pub mod mining;
pub mod model;
pub mod near_duplicates;
pub mod platt;
pub mod questions;
pub mod replay;
pub mod time;
pub mod train;
