//! Levels: level n starts at 50·n·(n−1) experience points.

/// The points at which a level starts: 0, 100, 300, 600, 1,000, … Levels begin at 1.
///
/// ```
/// use atlas_core::play::level;
/// assert_eq!([1, 2, 3, 4, 5].map(level::start), [0, 100, 300, 600, 1_000]);
/// ```
pub fn start(level: u32) -> u32 {
    let level = u64::from(level.max(1));
    u32::try_from(50 * level * (level - 1)).unwrap_or(u32::MAX)
}

/// The level that so many points make.
///
/// ```
/// use atlas_core::play::level;
/// assert_eq!([0, 99, 100, 299, 300].map(level::of), [1, 1, 2, 2, 3]);
/// ```
pub fn of(xp: u32) -> u32 {
    // 50·n·(n−1) ≤ xp, solved for n.
    let root = (2_500 + 200 * u64::from(xp)).isqrt();
    u32::try_from((50 + root) / 100).unwrap_or(u32::MAX)
}

/// The level, the points within it, and the points that it takes in all.
pub fn within(xp: u32) -> (u32, u32, u32) {
    let level = of(xp);
    (
        level,
        xp - start(level),
        start(level + 1).saturating_sub(start(level)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_begins_exactly_where_it_starts() {
        for level in 1..9_000 {
            assert_eq!(of(start(level)), level);
            assert_eq!(of(start(level + 1) - 1), level);
        }
        assert_eq!(within(130), (2, 30, 200));
        assert!(of(u32::MAX) > 9_000);
    }
}
