//! What all requests share: one `Atlas`, and how it is asked without holding up the others.

use std::path::PathBuf;
use std::sync::Arc;

use atlas_core::Atlas;
use atlas_core::jira::JiraClient;
use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task;

use crate::failure::Failure;

/// Long calls that may run at the same time.
const LONG_CALLS: usize = 4;

/// The state of the server; clones share it.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    atlas: Atlas,
    database: PathBuf,
    jira: Option<JiraClient>,
    short: Arc<Semaphore>,
    long: Arc<Semaphore>,
    stop: watch::Sender<bool>,
}

impl App {
    pub fn new(atlas: Atlas, database: PathBuf, jira: Option<JiraClient>) -> Self {
        // More threads than this only wait for each other.
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        App(Arc::new(Shared {
            atlas,
            database,
            jira,
            short: Arc::new(Semaphore::new(2 * threads)),
            long: Arc::new(Semaphore::new(LONG_CALLS)),
            stop: watch::Sender::new(false),
        }))
    }

    pub fn atlas(&self) -> &Atlas {
        &self.0.atlas
    }

    pub fn database(&self) -> &PathBuf {
        &self.0.database
    }

    pub fn jira(&self) -> Option<&JiraClient> {
        self.0.jira.as_ref()
    }

    /// Runs a call of the library in a thread where it may block.
    pub async fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Atlas) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = self.0.short.clone().acquire_owned().await;
        let app = self.clone();
        run(move || {
            // Until the call ends: it goes on where its client has gone away.
            let _turn = turn;
            call(app.atlas())
        })
        .await
    }

    /// A place among the long calls, which are few.
    pub fn place_for_long_call(&self) -> Result<OwnedSemaphorePermit, Failure> {
        self.0.long.clone().try_acquire_owned().map_err(|_| {
            let message = "four long calls are under way: wait until one has finished";
            Failure::new(StatusCode::CONFLICT, "TOO_MANY_CALLS", message)
        })
    }

    /// Tells all who wait that the server is to end.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// Waits until the server is to end.
    pub async fn stopped(&self) {
        let mut stop = self.0.stop.subscribe();
        // The sender lives as long as the app.
        let _ = stop.wait_for(|stop| *stop).await;
    }
}

/// Runs what may block; a panic in it is a failure of this call alone.
pub async fn run<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match task::spawn_blocking(call).await {
        Ok(result) => result,
        Err(error) => Err(Failure::inside("CALL_FAILED", &error)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[tokio::test]
    async fn a_turn_is_taken_until_its_call_has_ended_also_where_the_client_went_away() {
        let app = App::new(Atlas::open_in_memory().unwrap(), PathBuf::new(), None);
        let turns = app.0.short.available_permits();
        let (inside, is_inside) = channel();
        let (let_go, go_on) = channel::<()>();
        let asked = app.clone();
        let client = tokio::spawn(async move {
            let call = move |_: &Atlas| {
                let _ = inside.send(());
                let _ = go_on.recv();
                Ok(())
            };
            asked.ask(call).await
        });
        let is_inside = task::spawn_blocking(move || is_inside.recv());
        is_inside.await.unwrap().unwrap();
        client.abort();
        assert!(client.await.is_err());
        assert_eq!(app.0.short.available_permits(), turns - 1);
        drop(let_go);
        while app.0.short.available_permits() < turns {
            task::yield_now().await;
        }
    }
}
