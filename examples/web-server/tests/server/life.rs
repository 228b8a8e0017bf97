//! How the server starts and stops.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::client::{Server, command};

#[test]
fn a_busy_port_names_itself_and_the_next_free_one() {
    let folder = tempfile::tempdir().unwrap();
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let output = command(folder.path())
        .args(["--port", &port])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&format!("Port {port} of 127.0.0.1 is in use")),
        "{said}"
    );
    let (_, offered) = said.split_once("--port ").unwrap();
    assert!(offered.trim().parse::<u16>().unwrap() > busy.local_addr().unwrap().port());
    assert!(
        !folder.path().join("atlas.db").exists(),
        "nothing is made in vain"
    );
}

#[test]
fn variables_come_from_the_file_and_flags_before_them() {
    let server = Server::with(&[], |folder, _| {
        std::fs::write(folder.join(".env"), "ATLAS_DB=own.db\nATLAS_PORT=1\n").unwrap();
    });
    assert_eq!(server.get("/health").status, 200);
    assert!(server.path("own.db").exists());
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path())
        .env("ATLAS_PORT", "five")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("ATLAS_PORT cannot be \"five\""),
        "{said}"
    );
    std::fs::write(
        folder.path().join(".env"),
        "JIRA_INSTANCE_URL=https://jira.example\n",
    )
    .unwrap();
    let output = command(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("JIRA_API_KEY"),
        "{said}"
    );
}

#[test]
fn others_are_let_in_only_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    drop(taken);
    let mut child = command(folder.path())
        .args(["--bind", "0.0.0.0", "--port", &port.to_string()])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut warning = [0; 8];
    child
        .stderr
        .as_mut()
        .unwrap()
        .read_exact(&mut warning)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(&warning, b"Warning:");
}

#[cfg(unix)]
#[test]
fn it_stops_when_it_is_told_and_starts_again_where_it_was() {
    let server = Server::start(&[]);
    // A browser that keeps its connection, and one in the middle of a request.
    let mut kept = server.connect();
    kept.write_all(format!("GET /health HTTP/1.1\r\nhost: {}\r\n\r\n", server.address).as_bytes())
        .unwrap();
    kept.read_exact(&mut [0; 15]).unwrap();
    let (status, text) = server.terminate();
    assert!(
        status.success() && text.contains("Stopped."),
        "{status} {text}"
    );
}
