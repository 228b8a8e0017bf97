//! BERT's forward pass over several texts packed one after another, without padding.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};

use super::kernels::{add_bias, add_norm, bias_gelu, norm_rows, normalise_length, softmax_rows};
use super::product::product;
use super::weights::{Layer, Weights};

/// The vectors of the texts with these token ids, a row each: the mean over all tokens of the last
/// layer, scaled to length 1. The ids must be in the vocabulary and no longer than the positions.
pub(super) fn forward(weights: &Weights, texts: &[Vec<u32>]) -> Array2<f32> {
    let spans = spans(texts);
    let mut x = embed(weights, texts);
    let mut scratch = Scratch::new(weights, &spans);
    for layer in &weights.layers {
        attend(layer, weights.heads, &spans, &mut x, &mut scratch);
        transform(layer, &mut x, &mut scratch);
    }
    pool(&x, &spans)
}

/// Buffers that the layers share.
struct Scratch {
    qkv: Array2<f32>,
    context: Array2<f32>,
    scores: Vec<f32>,
    inner: Array2<f32>,
    output: Array2<f32>,
}

impl Scratch {
    fn new(weights: &Weights, spans: &[Range<usize>]) -> Scratch {
        let (tokens, width) = (spans.last().map_or(0, |s| s.end), weights.width());
        let inner = weights
            .layers
            .first()
            .map_or(0, |layer| layer.up.bias.len());
        let longest = spans.iter().map(|span| span.len()).max().unwrap_or(0);
        Scratch {
            qkv: Array2::zeros((tokens, 3 * width)),
            context: Array2::zeros((tokens, width)),
            scores: vec![0.0; longest * longest],
            inner: Array2::zeros((tokens, inner)),
            output: Array2::zeros((tokens, width)),
        }
    }
}

/// The rows of each text.
fn spans(texts: &[Vec<u32>]) -> Vec<Range<usize>> {
    let ends = texts.iter().scan(0, |end, ids| {
        let start = *end;
        *end += ids.len();
        Some(start..*end)
    });
    ends.collect()
}

fn embed(weights: &Weights, texts: &[Vec<u32>]) -> Array2<f32> {
    let tokens = texts.iter().map(Vec::len).sum();
    let mut x = Array2::zeros((tokens, weights.width()));
    let places = texts.iter().flat_map(|ids| ids.iter().enumerate());
    for (mut row, (position, &id)) in x.rows_mut().into_iter().zip(places) {
        row.assign(&weights.words.row(id as usize));
        row += &weights.positions.row(position);
    }
    norm_rows(numbers(&mut x), &weights.embedding_norm);
    x
}

/// `x = norm(x + attention(x))`.
fn attend(
    layer: &Layer,
    heads: usize,
    spans: &[Range<usize>],
    x: &mut Array2<f32>,
    scratch: &mut Scratch,
) {
    let Scratch {
        qkv,
        context,
        scores,
        output,
        ..
    } = scratch;
    product(qkv.view_mut(), x.view(), layer.qkv.weight.view(), 1.0);
    add_bias(numbers(qkv), &layer.qkv.bias);
    let width = x.ncols() / heads;
    for span in spans {
        let rows = qkv.slice(s![span.clone(), ..]);
        let scores = &mut scores[..span.len() * span.len()];
        for head in 0..heads {
            let column = |part: usize| (part * heads + head) * width;
            let part = |p: usize| rows.slice(s![.., column(p)..column(p) + width]);
            let to = context.slice_mut(s![span.clone(), column(0)..column(0) + width]);
            attend_head(part(0), part(1), part(2), scores, to);
        }
    }
    product(
        output.view_mut(),
        context.view(),
        layer.attended.weight.view(),
        1.0,
    );
    add_norm(
        numbers(x),
        numbers(output),
        &layer.attended.bias,
        &layer.attended_norm,
    );
}

/// Scaled dot-product attention of one head of one text; `scores` is tokens² numbers of scratch.
fn attend_head(
    query: ArrayView2<f32>,
    key: ArrayView2<f32>,
    value: ArrayView2<f32>,
    scores: &mut [f32],
    to: ArrayViewMut2<f32>,
) {
    let (tokens, width) = query.dim();
    let scale = 1.0 / (width as f32).sqrt();
    let square = (tokens, tokens);
    let mut grid = ArrayViewMut2::from_shape(square, scores).expect("tokens² numbers");
    product(grid.view_mut(), query, key.t(), scale);
    softmax_rows(grid.as_slice_mut().expect("row by row"), tokens);
    product(to, grid.view(), value, 1.0);
}

/// `x = norm(x + down(gelu(up(x))))`.
fn transform(layer: &Layer, x: &mut Array2<f32>, scratch: &mut Scratch) {
    let Scratch { inner, output, .. } = scratch;
    product(inner.view_mut(), x.view(), layer.up.weight.view(), 1.0);
    bias_gelu(numbers(inner), &layer.up.bias);
    product(
        output.view_mut(),
        inner.view(),
        layer.down.weight.view(),
        1.0,
    );
    add_norm(
        numbers(x),
        numbers(output),
        &layer.down.bias,
        &layer.output_norm,
    );
}

fn pool(x: &Array2<f32>, spans: &[Range<usize>]) -> Array2<f32> {
    let mut vectors = Array2::zeros((spans.len(), x.ncols()));
    for (mut vector, span) in vectors.rows_mut().into_iter().zip(spans) {
        vector.assign(&x.slice(s![span.clone(), ..]).sum_axis(Axis(0)));
        normalise_length(vector.as_slice_mut().expect("a row of a fresh array"));
    }
    vectors
}

/// The numbers of an array made here, which is row by row.
fn numbers(x: &mut Array2<f32>) -> &mut [f32] {
    x.as_slice_mut().expect("a fresh array is contiguous")
}
