//! The specification's numbers for how long a scenario takes.

pub use crate::domain::MOST_MINUTES;
use crate::domain::Priority;

/// Minutes where nothing is known (specification §4.2).
pub const DEFAULT_MINUTES: u32 = 45;

/// Whole minutes for a ticket's priority: × 1.2 for high and × 0.8 for low, cut, not rounded.
///
/// ```
/// use atlas_core::domain::Priority;
/// use atlas_core::pipeline::minutes::with_priority;
/// assert_eq!(with_priority(30, Priority::High), 36);
/// assert_eq!(with_priority(24, Priority::Low), 19);
/// ```
pub fn with_priority(minutes: u32, priority: Priority) -> u32 {
    // The tiny addition keeps 30 × 1.2 = 35.999… at 36.
    (f64::from(minutes) * priority.minutes_factor() + 1e-6) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_cut_not_rounded() {
        assert_eq!(with_priority(24, Priority::High), 28);
        assert_eq!(with_priority(24, Priority::Medium), 24);
    }
}
