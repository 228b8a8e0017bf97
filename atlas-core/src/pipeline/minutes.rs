//! How long a scenario takes.

use crate::domain::{MinutesOrigin, Priority};

/// Minutes where nothing is known (specification §4.2).
pub const DEFAULT_MINUTES: u32 = 45;

/// The specification's estimate: the pattern's average or 45, × 1.2 for high priority and × 0.8
/// for low, whole minutes.
///
/// ```
/// use atlas_core::domain::Priority;
/// use atlas_core::pipeline::minutes::estimate;
/// assert_eq!(estimate(Some(30), Priority::High).0, 36);
/// assert_eq!(estimate(None, Priority::Low).0, 36);
/// ```
pub fn estimate(average: Option<u32>, priority: Priority) -> (u32, MinutesOrigin) {
    let (base, origin) = match average {
        Some(minutes) if minutes > 0 => (minutes, MinutesOrigin::Pattern),
        _ => (DEFAULT_MINUTES, MinutesOrigin::Default),
    };
    // The tiny addition keeps 30 × 1.2 = 35.999… at 36.
    (
        (f64::from(base) * priority.minutes_factor() + 1e-6) as u32,
        origin,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_of_zero_is_no_average() {
        assert_eq!(
            estimate(Some(0), Priority::Medium),
            (45, MinutesOrigin::Default)
        );
    }

    #[test]
    fn minutes_are_cut_not_rounded() {
        assert_eq!(estimate(Some(24), Priority::High).0, 28);
        assert_eq!(estimate(Some(24), Priority::Low).0, 19);
    }
}
