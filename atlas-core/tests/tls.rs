//! Whose certificates are trusted, against a server on loopback whose certificate is made here.
#![cfg(feature = "network")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use atlas_core::Error;
use atlas_core::http::{NetworkSettings, RetryPolicy, Roots, Secret};
use atlas_core::jira::mcp::{JiraMcp, McpEndpoint, McpOptions};
use atlas_core::jira::{Credentials, JiraClient, JiraKind, JiraSettings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A company's own authority, and a Jira that it vouches for under a name.
struct Company {
    folder: tempfile::TempDir,
    port: u16,
}

impl Company {
    fn with_jira_called(name: &str) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority = CertifiedIssuer::self_signed(authority, key).unwrap();
        let key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let server = server.signed_by(&key, &authority).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("company.pem"), authority.pem()).unwrap();

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![server.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = Arc::new(config);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that refuses the certificate goes away.
                let _ = answer(stream.unwrap(), config.clone());
            }
        });
        Company { folder, port }
    }

    fn certificates(&self) -> Roots {
        Roots::File(self.folder.path().join("company.pem"))
    }

    /// Who the credentials belong to, as the Jira says.
    fn ask(&self, host: &str, roots: Roots) -> Result<String, Error> {
        let credentials = Credentials::Bearer(Secret::new("planted-token"));
        let site = format!("https://{host}:{}", self.port);
        let mut settings = JiraSettings::new(&site, credentials).unwrap();
        settings.kind = Some(JiraKind::DataCenter);
        settings.timeout = Duration::from_secs(20);
        settings.retry = RetryPolicy {
            attempts: 1,
            ..RetryPolicy::default()
        };
        let client = JiraClient::on_network(settings, &NetworkSettings { roots })?;
        Ok(client.myself()?.name)
    }
}

/// Answers one request as a Jira does that is asked who asks.
fn answer(stream: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut lines = BufReader::new(&mut stream).lines();
    while !lines.next().unwrap_or(Ok(String::new()))?.is_empty() {}
    let body = r#"{"name": "kgilbert", "displayName": "Kayla Gilbert"}"#;
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}

fn assert_refused(error: &Error, said: &str) {
    assert_eq!(error.code(), "JIRA_UNREACHABLE", "{error}");
    let words = error.to_string();
    assert!(words.contains("no secure connection"), "{words}");
    assert!(words.contains(said), "{words}");
    assert!(!format!("{error} {error:?}").contains("planted"), "{words}");
}

#[test]
fn a_companys_own_certificate_is_trusted_where_its_file_is_named() {
    let company = Company::with_jira_called("localhost");
    let name = company.ask("localhost", company.certificates()).unwrap();
    assert_eq!(name, "Kayla Gilbert");
}

#[test]
fn without_the_file_or_with_another_one_it_is_refused() {
    let company = Company::with_jira_called("localhost");
    let error = company.ask("localhost", Roots::System).unwrap_err();
    assert_refused(&error, "certificate");
    let other = Company::with_jira_called("localhost");
    let error = company.ask("localhost", other.certificates()).unwrap_err();
    assert_refused(&error, "certificate");
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let company = Company::with_jira_called("jira.example.com");
    let error = company.ask("localhost", company.certificates());
    assert_refused(&error.unwrap_err(), "not valid for name");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let company = Company::with_jira_called("localhost");
    let missing = Roots::File(PathBuf::from("no-such.pem"));
    let error = company.ask("localhost", missing).unwrap_err();
    assert_eq!(error.code(), "FILE_FAILED");
}

#[test]
fn an_mcp_server_is_held_to_the_same() {
    let company = Company::with_jira_called("localhost");
    let url = format!("https://localhost:{}/mcp", company.port);
    let endpoint = McpEndpoint::new(&url).unwrap();
    let with = |roots| {
        let network = NetworkSettings { roots };
        let connected = JiraMcp::connect_on_network(&endpoint, &network, &McpOptions::default());
        connected.unwrap_err().to_string()
    };
    assert!(with(Roots::System).contains("no secure connection"));
    // It is trusted, and is no MCP server.
    let trusted = with(company.certificates());
    assert!(!trusted.contains("no secure connection"), "{trusted}");
}
