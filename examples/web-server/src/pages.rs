//! The pages: files of the folder `pages`, compiled in; read from the folder in debug builds.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::failure::Failure;

#[derive(RustEmbed)]
#[folder = "pages"]
struct Pages;

/// The one document of all pages; its scripts draw what the address asks for.
pub async fn shell(headers: HeaderMap) -> Response {
    file("index.html", &headers)
}

/// A style sheet, a script, a font or a picture.
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(&format!("assets/{path}"), &headers)
}

/// The icon that browsers ask for by themselves.
pub async fn icon(headers: HeaderMap) -> Response {
    file("assets/icon.svg", &headers)
}

fn file(path: &str, headers: &HeaderMap) -> Response {
    match Pages::get(path) {
        Some(file) => unless_known(&file, headers),
        None => {
            let message = format!("there is no file {path}");
            Failure::new(StatusCode::NOT_FOUND, "NOT_FOUND", message).into_response()
        }
    }
}

/// Browsers ask again each time, and are told so where a file is what they have.
fn unless_known(file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag: String = file.metadata.sha256_hash()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    let caching = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok());
    if known == Some(tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = file.metadata.mimetype();
    let kind = match kind.starts_with("text/") {
        true => format!("{kind}; charset=utf-8"),
        false => kind.to_owned(),
    };
    (caching, [(header::CONTENT_TYPE, kind)], file.data.to_vec()).into_response()
}
