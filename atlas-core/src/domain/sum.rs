//! A sum that is 0 where there is nothing to add. That of the standard library is −0 then, which
//! shows in JSON.

use std::ops::Add;

/// The sum of numbers, 0 of none.
pub(crate) fn sum<T: Add<Output = T> + Default>(values: impl IntoIterator<Item = T>) -> T {
    values.into_iter().fold(T::default(), T::add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_nothing_is_a_plain_zero() {
        assert!(sum([0.0_f64; 0]).is_sign_positive());
        assert!(sum([-0.0_f32]).is_sign_positive());
        assert_eq!(sum([0.5, 0.25]), 0.75);
    }
}
