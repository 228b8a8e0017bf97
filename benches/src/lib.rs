//! Data sets, measures and baselines behind the benchmarks and the accuracy table.
