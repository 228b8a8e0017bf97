//! Pairs of tickets that the user called not similar, in memory.

/// Pairs of tickets by their numbers in the ticket index.
#[derive(Debug, Default, Clone)]
pub struct NotSimilar {
    /// Each pair both ways, in order.
    pairs: Vec<(u32, u32)>,
}

impl NotSimilar {
    /// The pairs, in any order.
    pub fn new(pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut both: Vec<(u32, u32)> = pairs
            .into_iter()
            .flat_map(|(a, b)| [(a, b), (b, a)])
            .collect();
        both.sort_unstable();
        both.dedup();
        NotSimilar { pairs: both }
    }

    /// Whether two tickets are such a pair.
    pub fn holds(&self, ticket: u32, other: u32) -> bool {
        self.pairs.binary_search(&(ticket, other)).is_ok()
    }

    /// Whether a ticket is in any pair.
    pub fn names(&self, ticket: u32) -> bool {
        let at = self.pairs.partition_point(|pair| *pair < (ticket, 0));
        self.pairs.get(at).is_some_and(|pair| pair.0 == ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_holds_both_ways() {
        let pairs = NotSimilar::new([(3, 7), (7, 1), (3, 7)]);
        assert!(pairs.holds(3, 7) && pairs.holds(7, 3) && pairs.holds(1, 7));
        assert!(!pairs.holds(1, 3) && !pairs.holds(3, 3));
        assert!(pairs.names(1) && pairs.names(3) && pairs.names(7));
        assert!(!pairs.names(0) && !pairs.names(4) && !pairs.names(8));
        assert!(!NotSimilar::default().names(0));
    }
}
