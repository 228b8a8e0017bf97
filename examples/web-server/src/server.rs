//! The server: its routes in their order, and its life.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Router, serve};
use tokio::net::TcpListener;
use tokio::signal;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::failure::Failure;
use crate::guard::{Names, guard};
use crate::{openapi, pages, routes};

/// The most bytes of a body that is no file.
const LARGEST_BODY: usize = 2 << 20;
/// How long a stop waits for what is under way.
const PATIENCE: Duration = Duration::from_secs(5);

/// Everything that is answered.
pub fn router(app: App, names: Names, largest_upload: usize) -> Router {
    let (api, document) = OpenApiRouter::with_openapi(openapi::about())
        .merge(routes::all(largest_upload))
        .split_for_parts();
    api.merge(openapi::routes(document))
        .merge(shell())
        .route("/assets/{*path}", get(pages::asset))
        .route("/favicon.ico", get(pages::icon))
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(names, guard))
        .with_state(app)
}

/// The addresses of pages.
fn shell() -> Router<App> {
    let pages = [
        "/",
        "/my-work",
        "/tickets",
        "/tickets/{key}",
        "/session",
        "/sessions/{id}",
        "/patterns",
        "/achievements",
        "/accuracy",
        "/settings",
    ];
    pages.into_iter().fold(Router::new(), |router, page| {
        router.route(page, get(pages::shell))
    })
}

/// A person is shown the pages, which say that there is nothing here; a program is told so.
async fn not_found(headers: HeaderMap) -> Response {
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|accepted| accepted.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        return (StatusCode::NOT_FOUND, pages::shell(HeaderMap::new()).await).into_response();
    }
    let message = "there is nothing at this address; /api/docs lists what there is";
    Failure::new(StatusCode::NOT_FOUND, "NOT_FOUND", message).into_response()
}

async fn not_allowed() -> Failure {
    let message = "this address does not take this method; /api/docs lists what there is";
    Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        message,
    )
}

/// A port to listen on, or the next one that is free.
pub enum Bound {
    Free(TcpListener),
    Busy { next: Option<u16> },
}

/// Listens on a port.
pub async fn bind(address: IpAddr, port: u16) -> std::io::Result<Bound> {
    match TcpListener::bind(SocketAddr::new(address, port)).await {
        Ok(listener) => Ok(Bound::Free(listener)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            for next in port.saturating_add(1)..=port.saturating_add(100) {
                if TcpListener::bind(SocketAddr::new(address, next))
                    .await
                    .is_ok()
                {
                    return Ok(Bound::Busy { next: Some(next) });
                }
            }
            Ok(Bound::Busy { next: None })
        }
        Err(error) => Err(error),
    }
}

/// Answers until the process is asked to end; then what is under way has a moment to finish.
pub async fn run(listener: TcpListener, app: App, router: Router) -> std::io::Result<()> {
    let listener = listener.tap_io(|connection| {
        // Answers are small, and somebody waits for them.
        let _ = connection.set_nodelay(true);
    });
    let stopping = app.clone();
    let asked_to_end = async move {
        end_signal().await;
        stopping.stop();
    };
    let serving = serve(listener, router).with_graceful_shutdown(asked_to_end);
    let out_of_patience = async move {
        app.stopped().await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        served = serving => served,
        () = out_of_patience => Ok(()),
    }
}

#[cfg(unix)]
async fn end_signal() {
    match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = signal::ctrl_c() => {}
        },
        Err(_) => drop(signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn end_signal() {
    drop(signal::ctrl_c().await);
}
