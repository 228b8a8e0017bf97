//! Where the service is, and which model answers.

use std::time::Duration;

use crate::http::{Address, Secret};
use crate::{Error, Result};

/// The specification's address (§7.2).
const BASE: &str = "https://api.flow-nexus.ai/v1";
/// The specification's model.
const MODEL: &str = "atlas-lstm-v2";
/// The specification's time-out.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where the service is, which model answers, and the key.
///
/// ```
/// use atlas_core::http::Secret;
/// use atlas_core::pipeline::flow_nexus::FlowNexusSettings;
/// let settings = FlowNexusSettings::new(Secret::new("hunter2"))?;
/// assert_eq!(settings.base.host(), "api.flow-nexus.ai");
/// assert!(!format!("{settings:?}").contains("hunter2"));
/// # Ok::<(), atlas_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FlowNexusSettings {
    /// Requests go to `{base}/predict`.
    pub base: Address,
    /// The model that answers.
    pub model_id: String,
    /// Sent as `Authorization: Bearer …`.
    pub key: Secret,
    /// How long one prediction may take; then the local model answers.
    pub timeout: Duration,
}

impl FlowNexusSettings {
    /// The specification's address and model, five seconds.
    ///
    /// # Errors
    /// `INVALID_VALUE` for a key that is empty or holds spaces.
    pub fn new(key: Secret) -> Result<Self> {
        let odd = |c: char| c.is_control() || c.is_whitespace();
        if key.expose().is_empty() || key.expose().contains(odd) {
            let expected = "a key on one line, without spaces";
            return Err(Error::invalid("FLOW_NEXUS_API_KEY", "***", expected));
        }
        Ok(FlowNexusSettings {
            base: Address::parse(BASE)?,
            model_id: MODEL.to_owned(),
            key,
            timeout: TIMEOUT,
        })
    }

    /// Settings from the environment: `FLOW_NEXUS_API_KEY`, and `FLOW_NEXUS_BASE_URL` and
    /// `FLOW_NEXUS_MODEL_ID` where they differ from the specification's. Without a key there are
    /// none.
    ///
    /// # Errors
    /// `INVALID_VALUE` that names what is wrong.
    pub fn from_env() -> Result<Option<Self>> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Option<Self>> {
        let find = |name| {
            let value = get(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let Some(key) = find("FLOW_NEXUS_API_KEY") else {
            return Ok(None);
        };
        let mut settings = FlowNexusSettings::new(Secret::new(key))?;
        if let Some(base) = find("FLOW_NEXUS_BASE_URL") {
            settings.base = Address::parse(&base)?;
        }
        if let Some(model) = find("FLOW_NEXUS_MODEL_ID") {
            settings.model_id = model;
        }
        Ok(Some(settings))
    }
}
