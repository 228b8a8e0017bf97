//! Lists in which each item stands once, in the order in which the items came. Lists of other
//! people's files may be long: looking through them for each item would grow with its square.

use std::collections::HashSet;
use std::hash::Hash;

/// Up to so many items are looked through one by one.
const FEW: usize = 16;

/// Adds the items that a list does not have yet.
pub(crate) fn add_new<T: Clone + Eq + Hash>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    let mut known: Option<HashSet<T>> = None;
    for item in more {
        let is_new = match &mut known {
            Some(known) => known.insert(item.clone()),
            None => !list.contains(&item),
        };
        if !is_new {
            continue;
        }
        list.push(item);
        if known.is_none() && list.len() >= FEW {
            known = Some(list.iter().cloned().collect());
        }
    }
}

/// The items, each once.
pub(crate) fn distinct<T: Clone + Eq + Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list = Vec::new();
    add_new(&mut list, items);
    list
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hash::Hasher;
    use std::rc::Rc;

    use super::*;

    /// Counts how often it is compared.
    #[derive(Clone)]
    struct Counted(u64, Rc<Cell<u64>>);

    impl PartialEq for Counted {
        fn eq(&self, other: &Self) -> bool {
            self.1.set(self.1.get() + 1);
            self.0 == other.0
        }
    }

    impl Eq for Counted {}

    impl Hash for Counted {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }

    fn comparisons(count: u64) -> u64 {
        let seen = Rc::default();
        // Each comes twice.
        let items = (0..count).chain(0..count);
        let list = distinct(items.map(|n| Counted(n, Rc::clone(&seen))));
        assert!(list.iter().map(|item| item.0).eq(0..count));
        seen.get()
    }

    #[test]
    fn twice_as_many_items_take_about_twice_as_many_comparisons() {
        let n = 2_000;
        let least = comparisons(n);
        for times in [2, 4, 8] {
            let more = comparisons(times * n);
            assert!(more <= 2 * times * least, "{times}: {more}, {least}");
        }
    }

    #[test]
    fn the_first_of_equal_items_stays_where_it_is() {
        let mut list = vec!["b", "a"];
        add_new(&mut list, ["a", "c", "b", "d", "c"]);
        assert_eq!(list, ["b", "a", "c", "d"]);
    }
}
