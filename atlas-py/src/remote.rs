//! Who asks which service: Jira, Flow-Nexus. Credentials go in and never come out.

use std::time::Duration;

use atlas_core::http::{Address, Secret};
use atlas_core::jira::{Credentials, JiraClient, JiraKind, JiraSettings};
use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::errors;
use crate::to_python::to_python;

/// A live Jira, Cloud or Data Center; read only.
///
/// With `user` (an e-mail on Cloud) the token is an API token or password, without it a personal
/// access token of Data Center. `kind` is found out where it is not given, `timeout` is in seconds.
///
/// >>> import atlas
/// >>> jira = atlas.Jira("https://example.atlassian.net", "hunter2", user="me@example.com")
/// >>> jira
/// Jira('https://example.atlassian.net')
#[pyclass(module = "atlas", frozen)]
pub struct Jira {
    pub client: JiraClient,
}

fn client(py: Python<'_>, settings: JiraSettings) -> PyResult<Jira> {
    let client = JiraClient::new(settings).map_err(|error| errors::to_python(py, &error))?;
    Ok(Jira { client })
}

#[pymethods]
impl Jira {
    #[new]
    #[pyo3(signature = (site, token, *, user=None, api_base=None, kind=None, timeout=60.0, page_size=100))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        site: &str,
        token: String,
        user: Option<String>,
        api_base: Option<&str>,
        kind: Option<&str>,
        timeout: f64,
        page_size: u32,
    ) -> PyResult<Self> {
        let token = Secret::new(token);
        let credentials = match user {
            Some(user) => Credentials::Basic { user, token },
            None => Credentials::Bearer(token),
        };
        let core = |error: atlas_core::Error| errors::to_python(py, &error);
        let mut settings = JiraSettings::new(site, credentials).map_err(core)?;
        if let Some(base) = api_base {
            settings.api_base = Address::parse(base).map_err(core)?;
        }
        settings.kind = match kind {
            None => None,
            Some("cloud") => Some(JiraKind::Cloud),
            Some("data_center") => Some(JiraKind::DataCenter),
            Some(other) => {
                return Err(errors::invalid(py, "kind", other, "cloud or data_center"));
            }
        };
        settings.timeout = seconds(py, "timeout", timeout)?;
        settings.page_size = page_size;
        client(py, settings)
    }

    /// From the environment: JIRA_INSTANCE_URL, JIRA_USER_EMAIL, JIRA_API_KEY, JIRA_API_BASE_URL.
    #[classmethod]
    fn from_env(_class: &Bound<'_, PyType>, py: Python<'_>) -> PyResult<Self> {
        let settings = JiraSettings::from_env().map_err(|error| errors::to_python(py, &error))?;
        client(py, settings)
    }

    /// Jira's address.
    #[getter]
    fn site(&self) -> String {
        self.client.settings().site.to_string()
    }

    /// Whom the credentials belong to.
    fn myself<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let account = py.detach(|| self.client.myself());
        to_python(py, &account.map_err(|error| errors::to_python(py, &error))?)
    }

    /// One issue, as it is in Jira now. Nothing is stored.
    fn issue<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let ticket = py.detach(|| self.client.issue(key));
        to_python(py, &ticket.map_err(|error| errors::to_python(py, &error))?)
    }

    /// The issues assigned to someone, `currentUser()` by default. Nothing is stored.
    #[pyo3(signature = (assignee="currentUser()", *, status=None))]
    fn assigned<'py>(
        &self,
        py: Python<'py>,
        assignee: &str,
        status: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tickets = py.detach(|| self.client.assigned(assignee, status));
        to_python(py, &tickets.map_err(|error| errors::to_python(py, &error))?)
    }

    fn __repr__(&self) -> String {
        format!("Jira('{}')", self.site())
    }
}

/// The remote model that votes in place of the local one, with the local one to fall back to.
///
/// >>> import atlas
/// >>> atlas.FlowNexus("hunter2")
/// FlowNexus('https://api.flow-nexus.ai/v1', 'atlas-lstm-v2')
#[pyclass(module = "atlas", frozen)]
pub struct FlowNexus {
    pub client: FlowNexusClient,
    base: String,
    model_id: String,
}

impl FlowNexus {
    fn of(py: Python<'_>, settings: FlowNexusSettings) -> PyResult<Self> {
        let (base, model_id) = (settings.base.to_string(), settings.model_id.clone());
        let client = FlowNexusClient::new(settings);
        let client = client.map_err(|error| errors::to_python(py, &error))?;
        Ok(FlowNexus {
            client,
            base,
            model_id,
        })
    }
}

#[pymethods]
impl FlowNexus {
    #[new]
    #[pyo3(signature = (key, *, base_url=None, model_id=None, timeout=5.0))]
    fn new(
        py: Python<'_>,
        key: String,
        base_url: Option<&str>,
        model_id: Option<String>,
        timeout: f64,
    ) -> PyResult<Self> {
        let core = |error: atlas_core::Error| errors::to_python(py, &error);
        let mut settings = FlowNexusSettings::new(Secret::new(key)).map_err(core)?;
        if let Some(base) = base_url {
            settings.base = Address::parse(base).map_err(core)?;
        }
        if let Some(model_id) = model_id {
            settings.model_id = model_id;
        }
        settings.timeout = seconds(py, "timeout", timeout)?;
        FlowNexus::of(py, settings)
    }

    /// From the environment: FLOW_NEXUS_API_KEY, FLOW_NEXUS_BASE_URL, FLOW_NEXUS_MODEL_ID; None
    /// without a key.
    #[classmethod]
    fn from_env(_class: &Bound<'_, PyType>, py: Python<'_>) -> PyResult<Option<Self>> {
        let settings = FlowNexusSettings::from_env();
        let settings = settings.map_err(|error| errors::to_python(py, &error))?;
        settings
            .map(|settings| FlowNexus::of(py, settings))
            .transpose()
    }

    fn __repr__(&self) -> String {
        format!("FlowNexus('{}', '{}')", self.base, self.model_id)
    }
}

/// A time in seconds, more than 0.
pub fn seconds(py: Python<'_>, field: &'static str, time: f64) -> PyResult<Duration> {
    let positive = (time > 0.0).then_some(time);
    let time_given = positive.and_then(|time| Duration::try_from_secs_f64(time).ok());
    time_given.ok_or_else(|| errors::invalid(py, field, time, "seconds, more than 0"))
}
