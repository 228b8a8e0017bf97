//! Data sets, measures and baselines behind the benchmarks and the accuracy table.

pub mod data;
pub mod encode;
pub mod learning;
pub mod mattermost;
pub mod measure;
pub mod mining;
pub mod multilingual;
pub mod storypoints;
pub mod titanium;
