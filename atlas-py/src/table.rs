//! Columns as a stream of Arrow, which pandas, polars and DuckDB read without copying by hand.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch,
    RecordBatchIterator, StringArray, TimestampMicrosecondArray,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// Day 0 of Arrow's dates.
const EPOCH: Date = date(1970, 1, 1);

/// A PyCapsule with an Arrow stream of columns, each with its name, its kind and its values: `str`,
/// `int`, `float`, `bool`, `time`, `date` or `words`, any of which may be None.
#[pyfunction]
pub fn arrow_stream<'py>(
    py: Python<'py>,
    columns: Vec<(String, String, Bound<'py, PyAny>)>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let arrays = columns
        .into_iter()
        .map(|(name, kind, values)| Ok((name, array(&kind, &values)?, true)))
        .collect::<PyResult<Vec<_>>>()?;
    let batch = RecordBatch::try_from_iter_with_nullable(arrays)
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    let schema = batch.schema();
    let batches = RecordBatchIterator::new([Ok(batch)], schema);
    let stream = FFI_ArrowArrayStream::new(Box::new(batches));
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}

fn array(kind: &str, values: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    Ok(match kind {
        "str" => Arc::new(StringArray::from(values.extract::<Vec<Option<String>>>()?)),
        "int" => Arc::new(Int64Array::from(values.extract::<Vec<Option<i64>>>()?)),
        "float" => Arc::new(Float64Array::from(values.extract::<Vec<Option<f64>>>()?)),
        "bool" => Arc::new(BooleanArray::from(values.extract::<Vec<Option<bool>>>()?)),
        "time" => {
            let times = values.extract::<Vec<Option<Timestamp>>>()?;
            let micros = times
                .into_iter()
                .map(|time| time.map(Timestamp::as_microsecond));
            Arc::new(
                micros
                    .collect::<TimestampMicrosecondArray>()
                    .with_timezone("UTC"),
            )
        }
        "date" => {
            let dates = values.extract::<Vec<Option<Date>>>()?;
            let days = dates
                .into_iter()
                .map(|date| date.map(|date| date.duration_since(EPOCH).as_hours() as i32 / 24));
            Arc::new(days.collect::<Date32Array>())
        }
        "words" => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for words in values.extract::<Vec<Option<Vec<String>>>>()? {
                match words {
                    Some(words) => lists.append_value(words.into_iter().map(Some)),
                    None => lists.append_null(),
                }
            }
            Arc::new(lists.finish())
        }
        other => {
            return Err(PyValueError::new_err(format!(
                "no column is of kind {other}"
            )));
        }
    })
}
