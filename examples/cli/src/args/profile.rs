//! What can be typed to say who you are and how you work.

use atlas_core::domain::{Personality, Theme};
use clap::Args;

/// `atlas profile`.
#[derive(Debug, Args)]
pub struct Profile {
    /// Your name
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Your address; an empty one removes it
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// How the coach speaks: coach, analyst, hype_man, drill_sergeant or silent
    #[arg(long, value_name = "NAME")]
    pub personality: Option<Personality>,
    /// Colours: light, dark or system
    #[arg(long, value_name = "NAME")]
    pub theme: Option<Theme>,
}

/// `atlas settings`.
#[derive(Debug, Args)]
pub struct Settings {
    /// The hour at which your day starts, 0 to 23
    #[arg(long, value_name = "HOUR")]
    pub day_start: Option<u8>,
    /// Your time zone, such as Europe/Berlin, or system
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Whose tickets are yours, by the name that Jira shows; an empty one is nobody's
    #[arg(long, value_name = "NAME")]
    pub assignee: Option<String>,
    /// How much a predictor counts from the next command on, 0 or more, or default; may be repeated
    #[arg(long = "weight", value_name = "PREDICTOR=NUMBER", value_parser = weight)]
    pub weights: Vec<(String, Option<f32>)>,
}

/// A predictor and its weight; none for the default.
fn weight(text: &str) -> Result<(String, Option<f32>), String> {
    let wrong = || "a name and a number, such as neural=0.6, or neural=default".to_owned();
    let (name, number) = text.split_once('=').ok_or_else(wrong)?;
    let weight = match number.trim() {
        "default" => None,
        number => Some(number.parse().map_err(|_| wrong())?),
    };
    Ok((name.trim().to_owned(), weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_a_name_and_a_number() {
        assert_eq!(weight("neural=0.6"), Ok(("neural".to_owned(), Some(0.6))));
        assert_eq!(weight("neural = default"), Ok(("neural".to_owned(), None)));
        assert!(weight("neural").is_err() && weight("neural=much").is_err());
    }
}
