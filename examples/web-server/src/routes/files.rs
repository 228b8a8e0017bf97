//! Files in and out: imports, backups, and everything as JSON lines.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use atlas_core::domain::{
    DateOrder, DecimalMark, FilePreview, ImportKind, ImportReport, ReadOptions, TestImport,
    TicketImport,
};
use atlas_core::store::FolderBackup;
use atlas_core::{Atlas, Error};
use axum::body::{Body as HttpBody, Bytes};
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::sync::mpsc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Envelope};
use crate::app::{App, run};
use crate::failure::Failure;
use crate::input::{Body, too_large};
use crate::long::{self, Reporter, StreamEvent, Wants};

/// Backups that are kept.
const KEEP: usize = 10;
/// How much of an export may wait for the client.
const WAITING: usize = 8;
/// Bytes of an export that are sent at a time.
const CHUNK: usize = 64 * 1024;

pub fn routes(largest_upload: usize) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(import))
        .routes(routes!(preview))
        .layer(DefaultBodyLimit::max(largest_upload))
        .routes(routes!(export))
        .routes(routes!(backup))
}

/// What a file holds.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Jira's JSON or CSV.
    Tickets,
    /// Test cases, JSON or CSV.
    Patterns,
    /// Which test case was right for which ticket, CSV.
    History,
    /// Results of test runs: JUnit, Xray, Cucumber, CSV.
    Results,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        match name {
            "tickets" => Some(Kind::Tickets),
            "patterns" => Some(Kind::Patterns),
            "history" => Some(Kind::History),
            "results" => Some(Kind::Results),
            _ => None,
        }
    }
}

/// The words for what a file can hold.
const KINDS: &str = "tickets, patterns, history or results";

/// A file to import.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the form as the OpenAPI document describes it")]
struct ImportForm {
    /// What the file holds.
    kind: Kind,
    /// The file, plain or gzipped.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// The encoding, such as `windows-1252`; told from the file where it is left out.
    encoding: Option<String>,
    /// The character between the columns of a table, or `tab`; told from the file.
    delimiter: Option<String>,
    /// How dates of numbers are read; told from the file.
    date_order: Option<DateOrder>,
    /// The mark before decimals; told from the file.
    decimal: Option<DecimalMark>,
    /// For all but a history: `true` says what would be done, and does nothing.
    dry_run: Option<bool>,
}

/// Import a file
///
/// A record that cannot be read is reported with its line and skipped. With
/// `Accept: text/event-stream` the answer is a stream of events: `progress`, then `done` with this
/// envelope or `error` with that of errors. A client that goes away stops it; what was stored is
/// kept.
#[utoipa::path(post, path = "/api/atlas/import", tag = "files",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, content((Envelope<ImportReport> = "application/json"), (StreamEvent = "text/event-stream")))))]
async fn import(
    State(app): State<App>,
    wants: Wants,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    let upload = Upload::read(form.map_err(no_form)?).await?;
    let kind = upload
        .kind
        .ok_or_else(|| Failure::invalid("kind", "", KINDS))?;
    long::answer(app, wants, move |atlas, reporter| {
        upload.import(kind, atlas, reporter)
    })
    .await
}

/// A file to look at.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the form as the OpenAPI document describes it")]
struct PreviewForm {
    /// The file, plain or gzipped.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// What the file is to be taken as; told from its content where it is left out.
    kind: Option<Kind>,
    /// The encoding, such as `windows-1252`; told from the file where it is left out.
    encoding: Option<String>,
    /// The character between the columns of a table, or `tab`; told from the file.
    delimiter: Option<String>,
    /// How dates of numbers are read; told from the file.
    date_order: Option<DateOrder>,
    /// The mark before decimals; told from the file.
    decimal: Option<DecimalMark>,
}

/// What a file is, and what its import would do.
#[derive(Debug, Serialize, ToSchema)]
struct ImportPreview {
    /// What it holds, by its content and not by its name, with its first records.
    #[serde(flatten)]
    preview: FilePreview,
    /// What the import would do; absent for a history, whose import has no dry run.
    report: Option<ImportReport>,
}

/// Look at a file before it is imported
///
/// Its content tells its kind. Nothing is stored.
#[utoipa::path(post, path = "/api/atlas/import/preview", tag = "files",
    request_body(content = PreviewForm, content_type = "multipart/form-data"),
    responses((status = 200, content((Envelope<ImportPreview> = "application/json"), (StreamEvent = "text/event-stream")))))]
async fn preview(
    State(app): State<App>,
    wants: Wants,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    let mut upload = Upload::read(form.map_err(no_form)?).await?;
    upload.dry_run = true;
    long::answer(app, wants, move |atlas, reporter| {
        upload.preview(atlas, reporter)
    })
    .await
}

fn no_form(error: MultipartRejection) -> Failure {
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Failure::new(status, "NOT_A_FORM", error.body_text())
}

/// A file that was sent, in a folder of its own that goes with it.
struct Upload {
    kind: Option<Kind>,
    name: String,
    folder: TempDir,
    reading: ReadOptions,
    dry_run: bool,
}

impl Upload {
    async fn read(mut form: Multipart) -> Result<Self, Failure> {
        let mut kind = None;
        let mut file = None;
        let mut reading = ReadOptions::default();
        let mut dry_run = false;
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            match field.name() {
                Some("kind") => {
                    let name = field.text().await.map_err(unreadable)?;
                    kind = Some(
                        Kind::of(&name).ok_or_else(|| Failure::invalid("kind", &name, KINDS))?,
                    );
                }
                Some("file") => file = Some(save(field).await?),
                Some("dry_run") => {
                    dry_run = match field.text().await.map_err(unreadable)?.as_str() {
                        "true" => true,
                        "false" | "" => false,
                        other => return Err(Failure::invalid("dry_run", other, "true or false")),
                    };
                }
                Some("encoding" | "delimiter" | "date_order" | "decimal") => {
                    let name = field.name().unwrap_or_default().to_owned();
                    let text = field.text().await.map_err(unreadable)?;
                    if !text.is_empty() {
                        set(&mut reading, &name, text)?;
                    }
                }
                _ => {}
            }
        }
        let (name, folder) = file.ok_or_else(|| Failure::invalid("file", "", "a file"))?;
        Ok(Upload {
            kind,
            name,
            folder,
            reading,
            dry_run,
        })
    }

    fn preview(&self, atlas: &Atlas, reporter: &mut Reporter) -> Result<ImportPreview, Failure> {
        let path = place(&self.folder, &self.name);
        let preview = atlas.database().preview_file(&path, &self.reading);
        let preview = preview.map_err(|error| self.named(error))?;
        let told = match preview.kind {
            ImportKind::Patterns => Kind::Patterns,
            ImportKind::History => Kind::History,
            ImportKind::Results => Kind::Results,
            _ => Kind::Tickets,
        };
        let report = match self.kind.unwrap_or(told) {
            Kind::History => None,
            kind => Some(self.import(kind, atlas, reporter)?),
        };
        Ok(ImportPreview { preview, report })
    }

    fn import(
        &self,
        kind: Kind,
        atlas: &Atlas,
        reporter: &mut Reporter,
    ) -> Result<ImportReport, Failure> {
        let path = place(&self.folder, &self.name);
        let progress = &mut |progress| reporter.report(progress);
        let report = match kind {
            Kind::Tickets => {
                let options = TicketImport {
                    reading: self.reading.clone(),
                    dry_run: self.dry_run,
                    ..TicketImport::default()
                };
                atlas.tickets().import_file_with(&path, &options, progress)
            }
            Kind::Patterns => {
                let options = TestImport {
                    reading: self.reading.clone(),
                    dry_run: self.dry_run,
                    ..TestImport::default()
                };
                let report = atlas.patterns().import_file_with(&path, &options, progress);
                report.map(ImportReport::from)
            }
            Kind::Results => {
                let options = TestImport {
                    reading: self.reading.clone(),
                    dry_run: self.dry_run,
                    ..TestImport::default()
                };
                let report = atlas.learning().import_results(&path, &options, progress);
                report.map(ImportReport::from)
            }
            Kind::History if self.dry_run => {
                let expected = "left out: a history has no dry run";
                return Err(Failure::invalid("dry_run", "true", expected));
            }
            Kind::History => atlas
                .learning()
                .import_history_with(&path, &self.reading, progress),
        };
        report.map_err(|error| self.named(error))
    }

    /// The user knows the file by the name that they gave it.
    fn named(&self, error: Error) -> Failure {
        match error {
            Error::UnknownFormat { expected, .. } => Error::UnknownFormat {
                path: self.name.clone().into(),
                expected,
            }
            .into(),
            other => other.into(),
        }
    }
}

/// Sets what the file is to be read as.
fn set(reading: &mut ReadOptions, name: &str, text: String) -> Result<(), Error> {
    match name {
        "encoding" => reading.encoding = Some(text),
        "delimiter" => reading.delimiter = Some(text),
        "date_order" => reading.date_order = Some(DateOrder::parse(&text)?),
        _ => reading.decimal = Some(DecimalMark::parse(&text)?),
    }
    Ok(())
}

/// Where a file lies while it is imported: under its own name, which the list of imports keeps.
fn place(folder: &TempDir, name: &str) -> std::path::PathBuf {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let odd = |c: char| c.is_control() || "<>:\"|?*".contains(c);
    // A system allows 255 bytes.
    let last: String = last.chars().filter(|c| !odd(*c)).take(60).collect();
    let name = match last.trim().trim_matches('.') {
        "" => "upload",
        _ => last.trim(),
    };
    folder.path().join(name)
}

/// Writes a file as it comes, so that memory holds a piece of it.
async fn save(mut field: Field<'_>) -> Result<(String, TempDir), Failure> {
    let name: String = field
        .file_name()
        .unwrap_or("the file")
        .chars()
        .take(200)
        .collect();
    let failed = |error: io::Error| Failure::inside("UPLOAD_FAILED", &error);
    let folder = run(move || tempfile::tempdir().map_err(failed)).await?;
    let mut file = File::create(place(&folder, &name)).map_err(failed)?;
    while let Some(piece) = field.chunk().await.map_err(unreadable)? {
        file = run(move || file.write_all(&piece).map(|()| file).map_err(failed)).await?;
    }
    Ok((name, folder))
}

fn unreadable(error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Failure::new(StatusCode::BAD_REQUEST, "INVALID_FORM", error.body_text()),
    }
}

/// Everything as JSON lines
///
/// A download of every row of ATLAS's tables, as `atlas export-all` writes it.
#[utoipa::path(get, path = "/api/atlas/export", tag = "files",
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
async fn export(State(app): State<App>) -> Result<Response, Failure> {
    let place = app.place_for_long_call()?;
    let (sender, mut pieces) = mpsc::channel(WAITING);
    tokio::spawn(run(move || {
        let _place = place;
        let pieces = Pieces(sender.clone());
        let mut writer = io::BufWriter::with_capacity(CHUNK, pieces);
        let written = app
            .atlas()
            .database()
            .export_all(&mut writer)
            .map_err(Failure::from);
        let flushed = writer.flush();
        if written.is_err() || flushed.is_err() {
            // The download breaks off, so that nobody takes it for whole.
            let _ = sender.blocking_send(Err(io::Error::other("the export failed")));
        }
        written
    }));
    let name = format!(
        "attachment; filename=\"atlas-{}.jsonl\"",
        Timestamp::now().strftime("%Y-%m-%d")
    );
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let pieces = async_stream::stream! {
        while let Some(piece) = pieces.recv().await {
            yield piece;
        }
    };
    Ok((headers, HttpBody::from_stream(pieces)).into_response())
}

/// Hands what is written to the client, no faster than that takes it.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0
            .blocking_send(Ok(Bytes::copy_from_slice(piece)))
            .map_err(gone)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where the backup goes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct BackupBody {
    /// How many backups are kept, 1 to 1,000; 10 where nothing is said.
    #[schema(minimum = 1, maximum = 1_000)]
    keep: Option<usize>,
}

/// Back the database up
///
/// To a new file in the folder `backups` beside the database; the oldest ones beyond `keep` go.
#[utoipa::path(post, path = "/api/atlas/backup", tag = "files", request_body = BackupBody,
    responses((status = 200, body = Envelope<FolderBackup>)))]
async fn backup(State(app): State<App>, Body(body): Body<BackupBody>) -> Answered<FolderBackup> {
    let keep = body.keep.unwrap_or(KEEP);
    if !(1..=1_000).contains(&keep) {
        return Err(Failure::invalid("keep", keep, "1 to 1000"));
    }
    if app.database() == Path::new(":memory:") {
        let message = "this database lives in memory: start atlas-web with --db FILE";
        return Err(Failure::new(
            StatusCode::CONFLICT,
            "DATABASE_IN_MEMORY",
            message,
        ));
    }
    let folder = app.database().with_file_name("backups");
    let made = app.ask(move |atlas| Ok(atlas.database().backup_to_folder(&folder, keep)?));
    Ok(Answer(made.await?))
}
