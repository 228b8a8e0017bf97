//! Who asks which service: Jira, Flow-Nexus. Credentials go in and never come out.

use std::sync::Arc;
use std::time::Duration;

use atlas_core::http::{Address, Secret, SystemClock};
use atlas_core::jira::{Credentials, JiraClient, JiraSettings};
use atlas_core::pipeline::flow_nexus::{FlowNexusClient, FlowNexusSettings};

use crate::callbacks::{Cancellation, ForeignTransport, HttpTransport};
use crate::error::Result;
use crate::records::{Account, JiraKind, Ticket};

/// A live Jira, Cloud or Data Center; read only.
#[derive(uniffi::Object)]
pub struct Jira {
    pub(crate) client: JiraClient,
}

#[uniffi::export]
impl Jira {
    /// With `user` (an e-mail on Cloud) the token is an API token or password, without it a personal
    /// access token of Data Center. `api_base` is where requests go, if not to `site`; `kind` is found
    /// out where it is not given; `timeout` is a minute; `page_size` issues, 1 to 5,000, come at a
    /// time. `transport` is networking of the host's own.
    #[uniffi::constructor(default(user = None, api_base = None, kind = None, timeout = None, page_size = 100, transport = None))]
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        site: String,
        token: String,
        user: Option<String>,
        api_base: Option<String>,
        kind: Option<JiraKind>,
        timeout: Option<Duration>,
        page_size: u32,
        transport: Option<Arc<dyn HttpTransport>>,
    ) -> Result<Arc<Self>> {
        let token = Secret::new(token);
        let credentials = match user {
            Some(user) => Credentials::Basic { user, token },
            None => Credentials::Bearer(token),
        };
        let mut settings = JiraSettings::new(&site, credentials)?;
        if let Some(base) = api_base {
            settings.api_base = Address::parse(&base)?;
        }
        settings.kind = kind;
        settings.timeout = timeout.unwrap_or(settings.timeout);
        settings.page_size = page_size;
        let client = match transport {
            Some(transport) => {
                let transport = Arc::new(ForeignTransport(transport));
                JiraClient::with_transport(settings, transport, Arc::new(SystemClock))?
            }
            None => on_network(settings)?,
        };
        Ok(Arc::new(Jira { client }))
    }

    /// Jira's address.
    pub fn site(&self) -> String {
        self.client.settings().site.to_string()
    }

    /// Whom the credentials belong to.
    pub fn myself(&self) -> Result<Account> {
        Ok(self.client.myself()?)
    }

    /// One issue, as it is in Jira now. Nothing is stored.
    pub fn issue(&self, key: String) -> Result<Ticket> {
        Ok(self.client.issue(&key)?)
    }

    /// The issues assigned to someone, as they are now. Nothing is stored.
    #[uniffi::method(default(assignee = "currentUser()", status = None))]
    pub fn assigned(&self, assignee: String, status: Option<String>) -> Result<Vec<Ticket>> {
        Ok(self.client.assigned(&assignee, status.as_deref())?)
    }
}

impl Jira {
    /// Its client, stopped by `cancellation`.
    pub fn stopped_by(&self, cancellation: Option<&Cancellation>) -> JiraClient {
        match cancellation {
            Some(cancellation) => self.client.controlled_by(cancellation.control()),
            None => self.client.clone(),
        }
    }
}

#[cfg(feature = "network")]
fn on_network(settings: JiraSettings) -> Result<JiraClient> {
    Ok(JiraClient::new(settings)?)
}

#[cfg(not(feature = "network"))]
fn on_network(_: JiraSettings) -> Result<JiraClient> {
    Err(no_network())
}

#[cfg(not(feature = "network"))]
fn no_network() -> crate::error::AtlasError {
    let expected = "a transport of the host's own: this library was built without networking";
    crate::error::AtlasError::invalid("transport", "", expected)
}

/// The remote model that votes in place of the local one, with the local one to fall back to.
#[derive(uniffi::Object)]
pub struct FlowNexus {
    pub(crate) client: FlowNexusClient,
}

#[uniffi::export]
impl FlowNexus {
    /// `base_url` and `model_id` are the specification's where they are not given; `timeout` is five
    /// seconds. `transport` is networking of the host's own.
    #[uniffi::constructor(default(base_url = None, model_id = None, timeout = None, transport = None))]
    pub fn new(
        key: String,
        base_url: Option<String>,
        model_id: Option<String>,
        timeout: Option<Duration>,
        transport: Option<Arc<dyn HttpTransport>>,
    ) -> Result<Arc<Self>> {
        let mut settings = FlowNexusSettings::new(Secret::new(key))?;
        if let Some(base) = base_url {
            settings.base = Address::parse(&base)?;
        }
        settings.model_id = model_id.unwrap_or(settings.model_id);
        settings.timeout = timeout.unwrap_or(settings.timeout);
        let client = match transport {
            Some(transport) => {
                let transport = Arc::new(ForeignTransport(transport));
                FlowNexusClient::with_transport(settings, transport, Arc::new(SystemClock))
            }
            None => nexus_on_network(settings)?,
        };
        Ok(Arc::new(FlowNexus { client }))
    }
}

#[cfg(feature = "network")]
fn nexus_on_network(settings: FlowNexusSettings) -> Result<FlowNexusClient> {
    Ok(FlowNexusClient::new(settings)?)
}

#[cfg(not(feature = "network"))]
fn nexus_on_network(_: FlowNexusSettings) -> Result<FlowNexusClient> {
    Err(no_network())
}
