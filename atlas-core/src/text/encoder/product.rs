//! The matrix product: the one place that calls the `gemm` crate, whose interface is raw pointers.

use ndarray::{ArrayView2, ArrayViewMut2};

/// `out = scale · a · b`, on the calling thread.
///
/// A row of `out` depends on its row of `a`, on `b` and on nothing else, to the last bit, as long
/// as `a` has two rows or more: `gemm` blocks along the inner dimension by that dimension alone.
///
/// # Panics
/// When the shapes do not fit.
#[allow(unsafe_code)]
pub(super) fn product(
    mut out: ArrayViewMut2<f32>,
    a: ArrayView2<f32>,
    b: ArrayView2<f32>,
    scale: f32,
) {
    let ((rows, inner), columns) = (a.dim(), b.ncols());
    assert_eq!(b.nrows(), inner, "inner dimensions of a product");
    assert_eq!(out.dim(), (rows, columns), "shape of a product");
    let (to, left, right) = (out.strides().to_owned(), a.strides(), b.strides());
    // SAFETY: the shapes were compared above, and ndarray keeps every (row, column) of a view,
    // by its pointer and strides, inside memory borrowed for the view's lifetime: `out` mutably,
    // so that nothing overlaps it.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr(),
            to[1],
            to[0],
            false,
            a.as_ptr(),
            left[1],
            left[0],
            b.as_ptr(),
            right[1],
            right[0],
            0.0,
            scale,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, s};

    use super::*;

    fn numbers(rows: usize, columns: usize, seed: usize) -> Array2<f32> {
        Array2::from_shape_fn((rows, columns), |(i, j)| {
            ((i * 31 + j * 17 + seed) % 23) as f32 / 7.0 - 1.5
        })
    }

    #[test]
    fn views_with_any_strides_multiply() {
        let (a, b) = (numbers(9, 12, 1), numbers(8, 10, 2));
        let (left, right) = (a.slice(s![1..6, 2..10]), b.slice(s![.., 1..7]));
        let mut out = Array2::zeros((6, 5));
        product(out.view_mut().reversed_axes(), left, right, 0.5);
        let expected = left.dot(&right) * 0.5;
        for (got, want) in out.t().iter().zip(&expected) {
            assert!((got - want).abs() < 1e-5, "{got} {want}");
        }
    }

    #[test]
    fn a_row_does_not_depend_on_the_rows_beside_it() {
        let b = numbers(1536, 384, 3);
        let a = numbers(700, 1536, 4);
        let all = |rows: usize| {
            let mut out = Array2::zeros((rows, 384));
            product(out.view_mut(), a.slice(s![..rows, ..]), b.view(), 1.0);
            out
        };
        let most = all(700);
        for rows in [2, 3, 7, 16, 65, 129, 512] {
            assert_eq!(all(rows), most.slice(s![..rows, ..]), "{rows} rows");
        }
    }
}
