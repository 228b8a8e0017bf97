//! Who the tester is and how they work.

use atlas_core::domain::ProfileChange;
use atlas_core::{Atlas, Result};

use crate::args::profile as args;
use crate::output::Output;
use crate::show;

pub fn profile(atlas: &Atlas, args: &args::Profile, output: Output) -> Result<()> {
    let change = ProfileChange {
        username: args.name.clone(),
        email: args.email.clone(),
        coach_personality: args.personality,
        theme: args.theme,
    };
    let profile = match change == ProfileChange::default() {
        true => atlas.profile().get()?,
        false => atlas.profile().update(&change)?,
    };
    output.answer(&profile, |_| show::profile::profile(&profile))
}

pub fn settings(atlas: &Atlas, args: &args::Settings, output: Output) -> Result<()> {
    let before = atlas.profile().settings()?;
    let mut settings = before.clone();
    if let Some(hour) = args.day_start {
        settings.day_start = hour;
    }
    if let Some(zone) = &args.time_zone {
        settings.time_zone = (zone != "system").then(|| zone.clone());
    }
    if let Some(name) = &args.assignee {
        settings.assignee = (!name.trim().is_empty()).then(|| name.trim().to_owned());
    }
    for (predictor, weight) in &args.weights {
        match weight {
            Some(weight) => settings.weights.insert(predictor.clone(), *weight),
            None => settings.weights.remove(predictor),
        };
    }
    if settings != before {
        atlas.profile().set_settings(&settings)?;
    }
    output.answer(&settings, |_| show::profile::settings(&settings))
}
