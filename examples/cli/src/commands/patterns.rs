//! What each command after `atlas patterns` does.

use atlas_core::domain::{
    PatternFilter, PatternOrigin, PatternProposal, ProposalEdits, StoredPattern,
};
use atlas_core::learning::mining::{self, DetectOptions};
use atlas_core::learning::near_duplicates::NearDuplicates;
use atlas_core::{Atlas, Result};
use serde_json::json;

use crate::args::{Accept, Detection, Listing, Patterns, PatternsCommand};
use crate::output::Output;
use crate::progress::Bar;
use crate::show::patterns as show;

/// Patterns that a list shows where no limit is given.
const LISTED: usize = 50;

/// Runs a command; `typed` is what to type for this database.
pub fn run(atlas: &Atlas, args: &Patterns, typed: &str, output: Output) -> Result<()> {
    let Some(command) = &args.command else {
        return list(atlas, &Listing::default(), output);
    };
    match command {
        PatternsCommand::List(args) => list(atlas, args, output),
        PatternsCommand::Show { pattern } => {
            let found = atlas.patterns().get(pattern)?;
            output.answer(&found, |width| show::one(&found, width))
        }
        PatternsCommand::Detect {
            detection,
            limit,
            known,
            brief,
        } => {
            let options = DetectOptions {
                limit: 0,
                known: *known,
                ..options(detection)
            };
            let all = detect(atlas, &options, output)?;
            let shown = if *limit == 0 { all.len() } else { *limit };
            let shown = &all[..shown.min(all.len())];
            let value = json!({"proposals": shown, "found": all.len()});
            output.answer(&value, |width| {
                show::proposals(shown, all.len(), *brief, typed, width)
            })
        }
        PatternsCommand::Accept(args) => accept(atlas, args, output),
        PatternsCommand::Drop { ids, detection } => drop_all(atlas, ids, detection, output),
        PatternsCommand::Duplicates { similarity, limit } => {
            let pairs = atlas.patterns().duplicates(&NearDuplicates {
                similarity: *similarity,
                limit: *limit,
            })?;
            output.answer(&json!({"pairs": pairs}), |width| {
                show::pairs(&pairs, typed, width)
            })
        }
        PatternsCommand::Merge { keep, drop } => {
            let merge = atlas.patterns().merge(keep, drop)?;
            let (kept, retired) = (named(atlas, merge.kept)?, named(atlas, merge.retired)?);
            output.answer(&merge, |width| {
                show::merged(&merge, &kept, &retired, typed, width)
            })
        }
        PatternsCommand::Rename { pattern, name } => {
            let renamed = atlas.patterns().rename(pattern, name)?;
            output.answer(&renamed, |_| {
                show::done("renamed", std::slice::from_ref(&renamed))
            })
        }
        PatternsCommand::Retire { patterns } => {
            let retired = each(patterns, |pattern| atlas.patterns().retire(pattern))?;
            output.answer(&json!({"patterns": retired}), |_| {
                show::done("retired", &retired)
            })
        }
        PatternsCommand::Reactivate { patterns } => {
            let active = each(patterns, |pattern| atlas.patterns().reactivate(pattern))?;
            output.answer(&json!({"patterns": active}), |_| {
                show::done("active again", &active)
            })
        }
        PatternsCommand::Unused { since } => {
            let unused = atlas.patterns().unused(*since)?;
            output.answer(&json!({"patterns": unused}), |width| {
                show::unused(&unused, since.is_some(), typed, width)
            })
        }
    }
}

fn list(atlas: &Atlas, args: &Listing, output: Output) -> Result<()> {
    use crate::args::Origin;
    let origin = args.origin.map(|origin| match origin {
        Origin::Starter => PatternOrigin::Starter,
        Origin::Imported => PatternOrigin::Imported,
        Origin::User => PatternOrigin::User,
        Origin::Mined => PatternOrigin::Mined,
    });
    let mut found = atlas.patterns().list(&PatternFilter {
        text: args.find.clone(),
        pattern_type: args.pattern_type.clone(),
        component: args.component.clone(),
        origin,
        active: Some(!args.retired),
    })?;
    let count = found.len();
    found.sort_by_key(|stored| (std::cmp::Reverse(stored.pattern.frequency), stored.id));
    let limit = args.limit.unwrap_or(LISTED);
    if limit > 0 {
        found.truncate(limit);
    }
    let value = json!({"patterns": found, "found": count});
    output.answer(&value, |width| show::list(&found, count, width))
}

fn options(args: &Detection) -> DetectOptions {
    let usual = DetectOptions::default();
    DetectOptions {
        min_tickets: args.min_tickets,
        similarity: args.similarity.unwrap_or(usual.similarity),
        ..usual
    }
}

fn detect(atlas: &Atlas, options: &DetectOptions, output: Output) -> Result<Vec<PatternProposal>> {
    let mut bar = Bar::new(output.json);
    atlas
        .patterns()
        .detect(options, &mut |progress| bar.show(progress))
}

/// All that can be accepted or dropped, those among them that a pattern says already.
fn detect_all(atlas: &Atlas, args: &Detection, output: Output) -> Result<Vec<PatternProposal>> {
    let options = DetectOptions {
        known: true,
        ..options(args)
    };
    detect(atlas, &options, output)
}

fn accept(atlas: &Atlas, args: &Accept, output: Output) -> Result<()> {
    let all = detect_all(atlas, &args.detection, output)?;
    let mut proposal = mining::find(&all, &args.id)?.clone();
    for other in &args.with {
        proposal = atlas
            .patterns()
            .merge_proposals(&proposal, mining::find(&all, other)?);
    }
    let edits = ProposalEdits {
        name: args.name.clone(),
        pattern_type: args.pattern_type.clone(),
        component: args.component.clone(),
    };
    let pattern = atlas.patterns().accept(&proposal, &edits)?;
    let value = json!({"pattern": pattern, "ticket_keys": proposal.ticket_keys});
    output.answer(&value, |width| {
        show::accepted(&pattern, &proposal.ticket_keys, width)
    })
}

fn drop_all(atlas: &Atlas, ids: &[String], args: &Detection, output: Output) -> Result<()> {
    let all = detect_all(atlas, args, output)?;
    let chosen: Vec<&PatternProposal> = ids
        .iter()
        .map(|id| mining::find(&all, id))
        .collect::<Result<_>>()?;
    chosen
        .iter()
        .try_for_each(|proposal| atlas.patterns().drop_proposal(proposal))?;
    let dropped: Vec<&str> = chosen.iter().map(|proposal| proposal.id.as_str()).collect();
    output.answer(&json!({"dropped": dropped}), |_| show::dropped(&chosen))
}

fn named(atlas: &Atlas, id: i64) -> Result<StoredPattern> {
    atlas.patterns().get(&id.to_string())
}

/// Changes one after the other; stops at the first that fails.
fn each(
    names: &[String],
    change: impl Fn(&str) -> Result<StoredPattern>,
) -> Result<Vec<StoredPattern>> {
    names.iter().map(|name| change(name)).collect()
}
