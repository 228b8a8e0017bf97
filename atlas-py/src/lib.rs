//! `atlas._atlas`: the core for Python. Conversions only; what ATLAS does is in `atlas-core`, what
//! results look like in `python/atlas`.

mod atlas;
mod errors;
mod from_python;
mod plugins;
mod progress;
mod remote;
mod table;
mod to_python;

/// The native part of the package `atlas`.
#[pyo3::pymodule(gil_used = false)]
mod _atlas {
    use pyo3::prelude::*;
    use pyo3::types::{IntoPyDict, PyModule};

    #[pymodule_export]
    use crate::atlas::{Atlas, backtest_svg};
    #[pymodule_export]
    use crate::plugins::Query;
    #[pymodule_export]
    use crate::remote::{FlowNexus, Jira};
    #[pymodule_export]
    use crate::table::arrow_stream;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let close_all = wrap_pyfunction!(crate::atlas::close_all, module)?;
        module
            .py()
            .import("atexit")?
            .call_method1("register", (close_all,))?;
        let forked = wrap_pyfunction!(crate::atlas::forked, module)?;
        let os = module.py().import("os")?;
        if let Some(register) = os.getattr_opt("register_at_fork")? {
            let when = [("after_in_child", forked)].into_py_dict(module.py())?;
            register.call((), Some(&when))?;
        }
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
