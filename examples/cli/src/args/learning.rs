//! What can be typed about what was learned.

use std::path::PathBuf;

use atlas_core::learning::backtest::BacktestOptions;
use clap::Args;

/// `atlas backtest`.
#[derive(Debug, Args)]
pub struct Backtest {
    /// So many of the oldest judged tickets are learned from and not scored
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub learn_first: usize,
    /// Learn nothing after these: what is known stays as it was
    #[arg(long)]
    pub frozen: bool,
    /// Tickets between two trainings
    #[arg(long, value_name = "NUMBER", default_value_t = BacktestOptions::default().retrain_every)]
    pub retrain_every: usize,
    /// Resampled pasts behind the 95 % intervals
    #[arg(long, value_name = "NUMBER", default_value_t = BacktestOptions::default().resamples)]
    pub resamples: usize,
    /// The seed of the resampling
    #[arg(long, value_name = "NUMBER", default_value_t = BacktestOptions::default().seed)]
    pub seed: u64,
    /// Draw the result into this file, an SVG; one that is there is replaced
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// The sentence and the table of methods only
    #[arg(long)]
    pub brief: bool,
}

impl Backtest {
    pub fn options(&self) -> BacktestOptions {
        BacktestOptions {
            learn_first: self.learn_first,
            frozen: self.frozen,
            retrain_every: self.retrain_every,
            resamples: self.resamples,
            seed: self.seed,
        }
    }
}

/// `atlas rollback`.
#[derive(Debug, Args)]
pub struct Rollback {
    /// The version that is to answer again [default: the newest before the one that answers]
    #[arg(value_name = "VERSION")]
    pub version: Option<i64>,
    /// No version: the weighted sum as it is without learning
    #[arg(long, conflicts_with = "version")]
    pub none: bool,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::{Cli, Command};
    use super::*;

    #[test]
    fn a_backtest_without_options_is_the_librarys_own() {
        let cli = Cli::try_parse_from(["atlas", "backtest"]).unwrap();
        let Command::Backtest(backtest) = cli.command else {
            panic!("another command");
        };
        assert_eq!(backtest.options(), BacktestOptions::default());
        assert!(Cli::try_parse_from(["atlas", "rollback", "2", "--none"]).is_err());
    }
}
