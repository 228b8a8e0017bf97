//! Turning stored texts into vectors.
//!
//! Texts without a vector are encoded 512 at a time, each time in a transaction; equal texts once.
//! A text of which the encoder knows a smaller share than `LEAST_KNOWN` gets codes with the scale 0
//! that hold this share in percent: it resembles nothing, and does not wait to be encoded. Every
//! vector carries the model's id; vectors of another model are not used.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::Core;
use crate::domain::{Draft, Progress, ProgressFn, Stage};
use crate::search::bundled_vectors;
use crate::search::documents::{Document, text_hash};
use crate::search::vectors::Codes;
use crate::search::weights::LEAST_KNOWN;
use crate::store::{Field, Owner, Repositories};
use crate::text::encoder::Encoder;
use crate::text::terms;
use crate::{Error, Result};

/// Texts stored together: what is lost at most when the process is killed.
pub(crate) const BATCH: usize = 512;
/// Texts encoded between two reports, so that a call can be stopped within a fraction of a second.
const SLICE: usize = 64;

/// Who is named where a text is not known.
pub(crate) const ENCODER: &str = "encoder";

/// The encoder, loaded when first needed.
pub(crate) struct LazyEncoder {
    folder: Option<PathBuf>,
    loaded: OnceLock<Arc<Encoder>>,
}

impl LazyEncoder {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        LazyEncoder {
            folder,
            loaded: OnceLock::new(),
        }
    }

    pub(crate) fn get(&self) -> Result<&Encoder> {
        if let Some(encoder) = self.loaded.get() {
            return Ok(encoder);
        }
        let encoder = match &self.folder {
            Some(folder) => Encoder::from_folder(folder)?,
            None => bundled()?,
        };
        Ok(self.loaded.get_or_init(|| encoder))
    }

    /// Vectors of short texts; those of what ships are not made again.
    pub(crate) fn codes(&self, texts: &[&str], max_tokens: usize) -> Result<Vec<Codes>> {
        let encoder = self.get()?;
        let bundled = texts
            .iter()
            .map(|text| bundled_vectors::find(encoder.id(), text_hash(text, max_tokens)));
        match bundled.collect::<Option<Vec<_>>>() {
            Some(bundled) => bundled.into_iter().map(Codes::from_bytes).collect(),
            None => Ok(encode_known(encoder, texts, max_tokens)),
        }
    }

    pub(crate) fn id(&self) -> Result<String> {
        Ok(self.get()?.id().to_owned())
    }
}

/// How many texts of patterns wait for their vector of a model.
pub(crate) fn pending_patterns(stored: &Repositories<'_>, model: &str) -> Result<u64> {
    stored
        .documents()
        .pending_count(model, Some(Owner::Pattern))
}

/// The codes of texts: vectors of those that the encoder knows, [`Codes::unknown`] of the others.
pub(crate) fn encode_known(encoder: &Encoder, texts: &[&str], max_tokens: usize) -> Vec<Codes> {
    let shares: Vec<f32> = texts
        .iter()
        .map(|text| encoder.known(text, max_tokens))
        .collect();
    let known = texts.iter().zip(&shares);
    let known: Vec<&str> = known
        .filter(|(_, share)| **share >= LEAST_KNOWN)
        .map(|(text, _)| *text)
        .collect();
    let vectors = encoder.encode(&known, max_tokens);
    let mut vectors = vectors.rows().into_iter();
    let codes = shares.into_iter().map(|share| {
        let vector = (share >= LEAST_KNOWN).then(|| vectors.next()).flatten();
        match vector {
            Some(vector) => Codes::quantise(&vector.to_vec()),
            None => Codes::unknown(encoder.dimensions(), share),
        }
    });
    codes.collect()
}

/// Why words answered alone for a text of which the encoder knows so many percent.
pub(crate) fn words_alone(text: &str, known: u8) -> String {
    format!(
        "the encoder knows {known} % of {text}, fewer than the {:.0} % that it takes to compare \
         meanings; words alone were compared",
        LEAST_KNOWN * 100.0
    )
}

#[cfg(feature = "bundled-model")]
fn bundled() -> Result<Arc<Encoder>> {
    Encoder::bundled()
}

#[cfg(not(feature = "bundled-model"))]
fn bundled() -> Result<Arc<Encoder>> {
    let reason = "it is not compiled in: name a folder with a model, or build with the feature bundled-model";
    Err(Error::Model {
        model: "bundled".to_owned(),
        reason: reason.to_owned(),
    })
}

impl Core {
    pub(crate) fn encode_pending(&self, progress: ProgressFn<'_>) -> Result<u64> {
        self.document_missing()?;
        let patterns = self.encode_owner(Owner::Pattern, progress)?;
        Ok(patterns + self.encode_owner(Owner::Ticket, progress)?)
    }

    /// Encodes what waits of one kind, batch by batch, a transaction each. More may come meanwhile.
    pub(crate) fn encode_owner(&self, owner: Owner, progress: ProgressFn<'_>) -> Result<u64> {
        self.recount()?;
        let encoder = self.encoder.get()?;
        let waiting = || {
            self.store
                .read(|stored| stored.documents().pending_count(encoder.id(), Some(owner)))
        };
        let report = |done, left| Progress {
            stage: Stage::Encoding,
            done,
            total: Some(done + left),
        };
        let (mut done, mut left, mut last) = (0, waiting()?, None);
        while left > 0 {
            if progress(report(done, left)).is_break() {
                return Err(Error::Cancelled);
            }
            let texts = self
                .store
                .read(|stored| self.pending_texts(stored, encoder.id(), owner))?;
            let first = texts.keys().next().copied();
            if first == last {
                // What was just encoded waits again, and always would.
                break;
            }
            last = first;
            let mut vectors = Vec::with_capacity(texts.len());
            let mut stopped = false;
            let chosen: Vec<&str> = texts.values().map(String::as_str).collect();
            for slice in chosen.chunks(SLICE) {
                let made = vectors.len() as u64;
                stopped =
                    made > 0 && progress(report(done + made, left.saturating_sub(made))).is_break();
                if stopped {
                    break;
                }
                vectors.extend(encode_known(encoder, slice, self.max_tokens(owner)));
            }
            self.store.write(|stored| {
                for (hash, codes) in texts.keys().zip(&vectors) {
                    stored
                        .documents()
                        .put_vector(encoder.id(), *hash, &codes.to_bytes())?;
                }
                Ok(())
            })?;
            if stopped {
                return Err(Error::Cancelled);
            }
            let before = std::mem::replace(&mut left, waiting()?);
            done += match before.saturating_sub(left) {
                0 => texts.len() as u64,
                fewer => fewer,
            };
        }
        if done > 0 {
            let _ = progress(report(done, left));
            self.drop_other_models(encoder.id())?;
        }
        Ok(done)
    }

    /// Drops what other models made, once nothing waits for this one.
    fn drop_other_models(&self, model: &str) -> Result<()> {
        let documents = |stored: &Repositories<'_>| stored.documents().pending_count(model, None);
        if self.store.read(documents)? == 0 {
            self.store
                .write(|stored| stored.documents().drop_other_models(model))?;
        }
        Ok(())
    }

    /// Vectors of short texts that belong to no ticket or pattern.
    pub(crate) fn codes_of(&self, texts: &[&str]) -> Result<Vec<Codes>> {
        self.encoder.codes(texts, self.settings.pattern_tokens)
    }

    /// The next texts without a vector, by hash: equal texts once.
    fn pending_texts(
        &self,
        stored: &Repositories<'_>,
        model: &str,
        owner: Owner,
    ) -> Result<BTreeMap<u128, String>> {
        let mut texts = BTreeMap::new();
        let mut last: Option<(i64, Option<Document>)> = None;
        for pending in stored.documents().pending(model, Some(owner), BATCH)? {
            let id = pending.owner_id;
            if last.as_ref().is_none_or(|(last, _)| *last != id) {
                last = Some((id, self.document(stored, owner, id)?));
            }
            let document = last.as_ref().and_then(|(_, document)| document.as_ref());
            let text = match (pending.field, document) {
                (Field::Name, Some(document)) => document.name.clone(),
                (Field::Whole, Some(document)) => document.whole(),
                // The owner is gone: that nothing is known of its text settles it.
                (_, None) => String::new(),
            };
            texts.insert(pending.text_hash, text);
        }
        Ok(texts)
    }

    pub(crate) fn document(
        &self,
        stored: &Repositories<'_>,
        owner: Owner,
        id: i64,
    ) -> Result<Option<Document>> {
        Ok(match owner {
            Owner::Ticket => stored
                .tickets()
                .by_id(id)?
                .map(|t| Document::of_ticket(&Draft::from(&t.value))),
            Owner::Pattern => stored
                .patterns()
                .by_id(id)?
                .map(|p| Document::of_pattern(&p.value)),
        })
    }

    /// Stores what search needs of a ticket or pattern; its vectors follow later.
    pub(crate) fn put_document(
        &self,
        stored: &Repositories<'_>,
        owner: Owner,
        id: i64,
        document: &Document,
    ) -> Result<()> {
        let model = self.encoder.id()?;
        let max_tokens = self.max_tokens(owner);
        for (field, text, counted) in [
            (Field::Name, document.name.clone(), &document.name),
            (Field::Whole, document.whole(), &document.full),
        ] {
            let terms = terms::to_bytes(&terms::count(counted));
            let hash = text_hash(&text, max_tokens);
            stored
                .documents()
                .put(owner, id, field, hash, &terms, &model)?;
            if let Some(codes) = bundled_vectors::find(&model, hash) {
                stored.documents().put_vector(&model, hash, codes)?;
            }
        }
        Ok(())
    }

    /// Stores what search needs of a ticket or pattern with its vectors: one that is stored by
    /// itself is whole or not there.
    pub(crate) fn put_encoded(
        &self,
        stored: &Repositories<'_>,
        owner: Owner,
        id: i64,
        document: &Document,
    ) -> Result<()> {
        self.put_document(stored, owner, id, document)?;
        let (encoder, max_tokens) = (self.encoder.get()?, self.max_tokens(owner));
        for text in [&document.name, &document.whole()] {
            let hash = text_hash(text, max_tokens);
            if stored.documents().vector(encoder.id(), hash)?.is_some() {
                continue;
            }
            for codes in encode_known(encoder, &[text], max_tokens) {
                let codes = codes.to_bytes();
                stored.documents().put_vector(encoder.id(), hash, &codes)?;
            }
        }
        Ok(())
    }

    pub(crate) fn max_tokens(&self, owner: Owner) -> usize {
        match owner {
            Owner::Ticket => self.settings.ticket_tokens,
            Owner::Pattern => self.settings.pattern_tokens,
        }
    }

    /// How much of a ticket's text the encoder knows, 0 to 1. It knows the letters of ASCII.
    pub(crate) fn known_share(&self, text: &str) -> Result<f32> {
        if text.is_ascii() {
            return Ok(1.0);
        }
        let encoder = self.encoder.get()?;
        Ok(encoder.known(text, self.settings.ticket_tokens))
    }

    /// The vector of a ticket's text, encoded now if it is not stored.
    pub(crate) fn ticket_codes(&self, text: &str) -> Result<Codes> {
        let encoder = self.encoder.get()?;
        let hash = text_hash(text, self.settings.ticket_tokens);
        if let Some(bytes) = self
            .store
            .read(|stored| stored.documents().vector(encoder.id(), hash))?
            && let Some(codes) = Codes::sound(&bytes, encoder.dimensions())
        {
            return Ok(codes);
        }
        let known = encoder.known(text, self.settings.ticket_tokens);
        if known < LEAST_KNOWN {
            return Ok(Codes::unknown(encoder.dimensions(), known));
        }
        Ok(Codes::quantise(
            &encoder.encode_one(text, self.settings.ticket_tokens),
        ))
    }
}
