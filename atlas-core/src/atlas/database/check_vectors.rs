//! Whether stored vectors are those of their texts: valid ones may be exchanged.
//!
//! A vector is derived, and no hash of it is stored. So a few texts are encoded again and compared
//! with what is stored: those of the tickets and patterns whose name and whole text are least alike,
//! which exchanged vectors make so, and those with the lowest hashes. The same database gives the
//! same choice. Vectors that ship are compared with what ships, see [`check`](super::check).

use std::collections::{BTreeMap, BTreeSet};

use crate::Result;
use crate::atlas::core::Core;
use crate::atlas::core::encode::encode_known;
use crate::search::documents::text_hash;
use crate::search::vectors::Codes;
use crate::store::{Field, Owner, Repositories};

/// So many tickets and patterns are looked at because their texts are least alike.
const SUSPECTS: usize = 16;
/// So many vectors are looked at whatever they are.
const OTHERS: usize = 16;
/// Encoded again, a text's vector is at least so like the stored one: rounding makes no more
/// difference, and another text's is further away, or does no harm.
const SAME: f32 = 0.97;

/// A vector that a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    hash: u128,
    vector: i64,
    owner: Owner,
    owner_id: i64,
    field: Field,
}

impl Core {
    /// Of these sound vectors those that are another text's, as far as a few of them show.
    pub(crate) fn vectors_of_other_texts(
        &self,
        stored: &Repositories<'_>,
        sound: &BTreeMap<i64, Codes>,
    ) -> Result<Vec<i64>> {
        let encoder = self.encoder.get()?;
        let mut wrong = BTreeSet::new();
        for kept in chosen(stored, encoder.id(), sound)? {
            let Some(document) = self.document(stored, kept.owner, kept.owner_id)? else {
                continue;
            };
            let text = match kept.field {
                Field::Name => document.name.clone(),
                Field::Whole => document.whole(),
            };
            let max_tokens = self.max_tokens(kept.owner);
            // Words of an earlier text are another finding.
            if text_hash(&text, max_tokens) != kept.hash {
                continue;
            }
            let now = encode_known(encoder, &[&text], max_tokens);
            let same = |now: &Codes| {
                sound
                    .get(&kept.vector)
                    .is_none_or(|codes| is_same(codes, now))
            };
            if !now.iter().all(same) {
                wrong.insert(kept.vector);
            }
        }
        Ok(wrong.into_iter().collect())
    }
}

/// The vectors to look at, each once.
fn chosen(
    stored: &Repositories<'_>,
    model: &str,
    sound: &BTreeMap<i64, Codes>,
) -> Result<Vec<Kept>> {
    let mut all: BTreeMap<i64, Kept> = BTreeMap::new();
    let mut pairs: BTreeMap<(Owner, i64), [Option<i64>; 2]> = BTreeMap::new();
    for owner in [Owner::Ticket, Owner::Pattern] {
        stored.documents().for_each(model, owner, &mut |document| {
            let vector = document.vector_id.filter(|id| sound.contains_key(id));
            if let (Some(vector), Some(hash)) = (vector, document.text_hash) {
                let (owner_id, field) = (document.owner_id, document.field);
                all.entry(vector).or_insert(Kept {
                    hash,
                    vector,
                    owner,
                    owner_id,
                    field,
                });
                let pair = pairs.entry((owner, owner_id)).or_default();
                pair[usize::from(field == Field::Whole)] = Some(vector);
            }
        })?;
    }
    let alike = |pair: &[Option<i64>; 2]| -> Option<(f32, [i64; 2])> {
        let [Some(name), Some(whole)] = *pair else {
            return None;
        };
        (name != whole).then_some(())?;
        Some((cosine(sound.get(&name)?, sound.get(&whole)?), [name, whole]))
    };
    let mut suspects: Vec<(f32, [i64; 2])> = pairs.values().filter_map(alike).collect();
    suspects.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut others: Vec<Kept> = all.values().copied().collect();
    others.sort_unstable();
    let suspects = suspects.into_iter().take(SUSPECTS).flat_map(|(_, ids)| ids);
    let others = others.into_iter().take(OTHERS).map(|kept| kept.vector);
    let ids: BTreeSet<i64> = suspects.chain(others).collect();
    Ok(ids
        .into_iter()
        .filter_map(|id| all.get(&id).copied())
        .collect())
}

/// Whether a vector is the stored one but for rounding; a text without one has none again.
fn is_same(stored: &Codes, now: &Codes) -> bool {
    match (stored.is_unknown(), now.is_unknown()) {
        (false, false) => cosine(stored, now) >= SAME,
        (stored, now) => stored == now,
    }
}

fn cosine(one: &Codes, other: &Codes) -> f32 {
    let (one, other) = (one.to_vector(), other.to_vector());
    one.iter().zip(&other).map(|(a, b)| a * b).sum()
}
