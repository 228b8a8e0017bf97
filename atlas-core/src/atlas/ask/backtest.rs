//! How good predictions are on this database's own past.

use std::ops::Range;

use rayon::prelude::*;

use crate::Result;
use crate::atlas::Atlas;
use crate::atlas::ask::analyze::components_of;
use crate::atlas::core::Core;
use crate::domain::{Draft, ProgressFn};
use crate::learning::backtest::{BacktestOptions, BacktestReport, backtest};
use crate::learning::model::Setting;
use crate::learning::replay::{PastTicket, Replay};
use crate::search::Index;

impl Atlas {
    /// Replays the past in order of time, predicting each ticket before learning from it, and
    /// measures the predictions beside baselines. Nothing is stored.
    ///
    /// # Errors
    /// `INVALID_VALUE` for options out of range, `CANCELLED`, storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::learning::backtest::BacktestOptions;
    /// use atlas_core::domain::silent;
    /// let atlas = Atlas::open_in_memory()?;
    /// let report = atlas.backtest(&BacktestOptions::default(), &mut silent)?;
    /// assert_eq!(report.tickets, 0);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn backtest(
        &self,
        options: &BacktestOptions,
        mut progress: ProgressFn<'_>,
    ) -> Result<BacktestReport> {
        let (index, _) = self.core.ready_index()?;
        let load = |places| self.core.past_tickets(&index, places);
        let replay = Replay {
            index: &index,
            pipeline: &self.core.pipeline,
            load: &load,
        };
        let mut report = backtest(&replay, &self.core.setting()?, options, &mut progress)?;
        report.minutes = self.core.time_backtest()?;
        Ok(report)
    }
}

impl Core {
    /// What a learned model is tied to.
    pub(crate) fn setting(&self) -> Result<Setting> {
        let plugins = self.pipeline.weights();
        Ok(Setting {
            plugins: plugins
                .filter(|(_, weight)| *weight > 0.0)
                .map(|(name, weight)| (name.to_owned(), weight))
                .collect(),
            encoder: self.encoder.id()?,
        })
    }

    /// The judged tickets at some places of the history, as one would ask about them when nothing
    /// later was there: components are guessed from earlier tickets.
    pub(crate) fn past_tickets(
        &self,
        index: &Index,
        places: Range<usize>,
    ) -> Result<Vec<PastTicket>> {
        let judged = &index.history.judged()[places];
        let rows = judged
            .iter()
            .map(|judged| &index.tickets.rows[judged.ticket as usize]);
        let stored = self.store.read(|stored| {
            rows.map(|row| {
                let ticket = stored.tickets().by_id(row.id)?;
                let observations = stored.observations().of_ticket(row.id)?;
                let first = observations.first().map_or(0, |observation| observation.id);
                Ok(ticket.map(|ticket| (ticket.value, first)))
            })
            .collect::<Result<Vec<_>>>()
        })?;
        let tickets = judged.par_iter().zip(stored).map(|(judged, stored)| {
            let row = &index.tickets.rows[judged.ticket as usize];
            let (draft, first_observation) = match &stored {
                Some((ticket, first)) => (Draft::from(ticket), *first),
                // Deleted since the index was read.
                None => (Draft::new(row.key.as_str()), 0),
            };
            let question = self.question(&draft, index, Some(judged.ticket))?;
            let age = index.tickets.age(judged.ticket);
            let earlier = |other: u32| index.tickets.age(other) < age;
            let components =
                components_of(Some(&row.key), &draft, &question, index, Some(&earlier));
            Ok(PastTicket {
                key: row.key.clone(),
                scenario_types: self.scenario_types_of(&question)?,
                components: components
                    .into_iter()
                    .map(|c| (c.name, c.confidence))
                    .collect(),
                draft,
                question,
                first_observation,
            })
        });
        tickets.collect()
    }
}
