//! Results of the core as instances of the classes in `atlas._results`, by serde: a Rust struct
//! becomes the Python class of its name, a sequence a tuple, an enum its word.

use std::collections::HashMap;
use std::fmt::Display;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde::Serialize;
use serde::ser::{self, Impossible};

/// A result as a Python object.
pub fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    Ok(value.serialize(ToPython { py, flat: None })?)
}

/// A result whose struct has flattened parts, which serde writes as a map: it becomes this class.
pub fn flat_to_python<'py>(
    py: Python<'py>,
    class: &'static str,
    value: &impl Serialize,
) -> PyResult<Bound<'py, PyAny>> {
    let flat = Some(class);
    Ok(value.serialize(ToPython { py, flat })?)
}

/// A class of `atlas._results`.
struct Class {
    class: Py<PyAny>,
    /// By the name that serde gives a field.
    fields: HashMap<String, Field>,
}

struct Field {
    name: Py<PyString>,
    /// What makes the value of the text that serde writes: an instant, a date.
    convert: Option<Py<PyAny>>,
    /// The class of a value that serde writes as a map.
    flat: Option<String>,
}

struct Classes {
    by_name: HashMap<String, Class>,
    /// `object.__new__` and `object.__setattr__`: the classes' own refuse changes.
    new: Py<PyAny>,
    set: Py<PyAny>,
}

impl Classes {
    fn get(py: Python<'_>) -> PyResult<&Self> {
        static CLASSES: PyOnceLock<Classes> = PyOnceLock::new();
        CLASSES.get_or_try_init(py, || Classes::read(py))
    }

    fn read(py: Python<'_>) -> PyResult<Self> {
        let results = py.import("atlas._results")?;
        let mut by_name = HashMap::new();
        for (name, class) in results.getattr("CLASSES")?.cast_into::<PyDict>()? {
            let mut fields = HashMap::new();
            for field in class.getattr("_fields")?.try_iter()? {
                let (json, name, convert, flat) = field?.extract()?;
                let json: String = json;
                let field = Field {
                    name,
                    convert,
                    flat,
                };
                fields.insert(json, field);
            }
            let class = class.unbind();
            by_name.insert(name.extract()?, Class { class, fields });
        }
        let object = py.import("builtins")?.getattr("object")?;
        Ok(Classes {
            by_name,
            new: object.getattr("__new__")?.unbind(),
            set: object.getattr("__setattr__")?.unbind(),
        })
    }
}

/// A failure while a result is made into Python objects.
#[derive(Debug)]
pub struct Failure(PyErr);

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failure {}

impl ser::Error for Failure {
    fn custom<T: Display>(message: T) -> Self {
        Failure(PyTypeError::new_err(message.to_string()))
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Failure(error)
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

type Object<'py> = Result<Bound<'py, PyAny>, Failure>;

#[derive(Clone, Copy)]
struct ToPython<'py> {
    py: Python<'py>,
    /// The class that a map becomes.
    flat: Option<&'py str>,
}

impl<'py> ToPython<'py> {
    fn object<T: IntoPyObject<'py>>(self, value: T) -> Object<'py>
    where
        PyErr: From<T::Error>,
    {
        use pyo3::BoundObject;
        let object = value.into_pyobject(self.py).map_err(PyErr::from)?;
        Ok(object.into_bound().into_any())
    }

    fn plain(self) -> Self {
        ToPython { flat: None, ..self }
    }

    fn sequence(self, length: Option<usize>) -> Sequence<'py> {
        Sequence {
            to: self,
            items: Vec::with_capacity(length.unwrap_or_default()),
        }
    }

    /// An instance of a class, or a dictionary where there is none.
    fn fields(self, class: Option<&str>) -> Result<Fields<'py>, Failure> {
        let classes = Classes::get(self.py)?;
        Ok(Fields {
            to: self.plain(),
            class: class.and_then(|name| classes.by_name.get(name)),
            values: PyDict::new(self.py),
            key: None,
        })
    }
}

impl<'py> ser::Serializer for ToPython<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;
    type SerializeSeq = Sequence<'py>;
    type SerializeTuple = Sequence<'py>;
    type SerializeTupleStruct = Sequence<'py>;
    type SerializeTupleVariant = Impossible<Self::Ok, Failure>;
    type SerializeMap = Fields<'py>;
    type SerializeStruct = Fields<'py>;
    type SerializeStructVariant = Impossible<Self::Ok, Failure>;

    fn serialize_bool(self, v: bool) -> Object<'py> {
        self.object(v)
    }
    fn serialize_i8(self, v: i8) -> Object<'py> {
        self.object(v)
    }
    fn serialize_i16(self, v: i16) -> Object<'py> {
        self.object(v)
    }
    fn serialize_i32(self, v: i32) -> Object<'py> {
        self.object(v)
    }
    fn serialize_i64(self, v: i64) -> Object<'py> {
        self.object(v)
    }
    fn serialize_u8(self, v: u8) -> Object<'py> {
        self.object(v)
    }
    fn serialize_u16(self, v: u16) -> Object<'py> {
        self.object(v)
    }
    fn serialize_u32(self, v: u32) -> Object<'py> {
        self.object(v)
    }
    fn serialize_u64(self, v: u64) -> Object<'py> {
        self.object(v)
    }
    /// The shortest decimal number that is the same `f32`: 0.7 and not 0.699999988.
    fn serialize_f32(self, v: f32) -> Object<'py> {
        self.object(v.to_string().parse::<f64>().unwrap_or(f64::from(v)))
    }
    fn serialize_f64(self, v: f64) -> Object<'py> {
        self.object(v)
    }
    fn serialize_char(self, v: char) -> Object<'py> {
        self.object(v)
    }
    fn serialize_str(self, v: &str) -> Object<'py> {
        self.object(v)
    }
    fn serialize_bytes(self, v: &[u8]) -> Object<'py> {
        self.object(v)
    }
    fn serialize_none(self) -> Object<'py> {
        Ok(self.py.None().into_bound(self.py))
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Object<'py> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Object<'py> {
        self.serialize_none()
    }
    fn serialize_unit_struct(self, _: &'static str) -> Object<'py> {
        self.serialize_none()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Object<'py> {
        Ok(PyString::intern(self.py, variant).into_any())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Object<'py> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Object<'py> {
        let tagged = PyDict::new(self.py);
        tagged.set_item(variant, value.serialize(self.plain())?)?;
        Ok(tagged.into_any())
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<Sequence<'py>, Failure> {
        Ok(self.sequence(length))
    }
    fn serialize_tuple(self, length: usize) -> Result<Sequence<'py>, Failure> {
        Ok(self.sequence(Some(length)))
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<Sequence<'py>, Failure> {
        Ok(self.sequence(Some(length)))
    }
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Failure> {
        Err(ser::Error::custom(format!("{name} has no Python class")))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'py>, Failure> {
        self.fields(self.flat)
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'py>, Failure> {
        self.fields(Some(name))
    }
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Failure> {
        Err(ser::Error::custom(format!("{name} has no Python class")))
    }
}

/// A tuple being made.
struct Sequence<'py> {
    to: ToPython<'py>,
    items: Vec<Bound<'py, PyAny>>,
}

impl<'py> Sequence<'py> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.items.push(value.serialize(self.to)?);
        Ok(())
    }

    fn tuple(self) -> Object<'py> {
        Ok(PyTuple::new(self.to.py, self.items)?.into_any())
    }
}

impl<'py> ser::SerializeSeq for Sequence<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.push(value)
    }
    fn end(self) -> Object<'py> {
        self.tuple()
    }
}

impl<'py> ser::SerializeTuple for Sequence<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.push(value)
    }
    fn end(self) -> Object<'py> {
        self.tuple()
    }
}

impl<'py> ser::SerializeTupleStruct for Sequence<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.push(value)
    }
    fn end(self) -> Object<'py> {
        self.tuple()
    }
}

/// An instance of a class being made, by its fields; of no class it is a dictionary.
struct Fields<'py> {
    to: ToPython<'py>,
    class: Option<&'py Class>,
    values: Bound<'py, PyDict>,
    key: Option<String>,
}

impl<'py> Fields<'py> {
    fn put<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Failure> {
        let py = self.to.py;
        let Some(field) = self.class.and_then(|class| class.fields.get(key)) else {
            self.values.set_item(key, value.serialize(self.to)?)?;
            return Ok(());
        };
        let flat = field.flat.as_deref();
        let value = value.serialize(ToPython { py, flat })?;
        let value = match &field.convert {
            Some(convert) if !value.is_none() => convert.bind(py).call1((value,))?,
            _ => value,
        };
        self.values.set_item(&field.name, value)?;
        Ok(())
    }

    fn finish(self) -> Object<'py> {
        let Some(class) = self.class else {
            return Ok(self.values.into_any());
        };
        let py = self.to.py;
        let classes = Classes::get(py)?;
        let made = classes.new.bind(py).call1((&class.class,))?;
        let dict = pyo3::intern!(py, "__dict__");
        classes.set.bind(py).call1((&made, dict, self.values))?;
        Ok(made)
    }
}

impl<'py> ser::SerializeStruct for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        self.put(key, value)
    }
    fn end(self) -> Object<'py> {
        self.finish()
    }
}

impl<'py> ser::SerializeMap for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failure;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        self.key = Some(key.serialize(self.to)?.str()?.extract()?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        let key = self.key.take().unwrap_or_default();
        self.put(&key, value)
    }
    fn end(self) -> Object<'py> {
        self.finish()
    }
}
