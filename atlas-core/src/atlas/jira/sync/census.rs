//! Comparing all ids: what was missed, and what Jira no longer has.

use std::collections::HashMap;
use std::thread;

use super::run::{Sync, Tickets};
use crate::Result;
use crate::jira::SyncStage;
use crate::jira::sync::{census, read_all};
use crate::store::TicketIdentity;

/// Issues that are asked for by id and stored together.
const BY_ID: usize = 500;

impl Sync<'_> {
    /// Compares all ids, if that is due: what is missing here is read, what is missing there is
    /// asked for by its id, and marked gone if Jira does not have it.
    pub(super) fn compare<'s>(&mut self, scope: &'s thread::Scope<'s, '_>) -> Result<()> {
        let now = (self.core.clock)();
        if !self.state.census_is_due(self.options, now) || self.options.since.is_some() {
            return Ok(());
        }
        self.stage = SyncStage::Comparing;
        let (client, query) = (self.client.clone(), self.plan.query.clone());
        let there = scope.spawn(move || census(&client, &query));
        let there = self.attend(there)?;
        let mut here: HashMap<String, TicketIdentity> = HashMap::new();
        self.core.store.read(|db| {
            db.tickets().for_each_identity(&mut |ticket| {
                here.insert(ticket.jira_id.clone(), ticket);
            })
        })?;
        let known = |id: &&String| here.get(*id).is_some_and(|ticket| !ticket.gone);
        let mut ids: Vec<String> = there.iter().filter(|id| !known(id)).cloned().collect();
        let ours = |ticket: &&TicketIdentity| {
            let project = ticket.key.as_ref().map(|key| key.project());
            ticket.synced
                && !ticket.gone
                && project.is_some_and(|p| self.state.projects.contains(p))
        };
        let unseen = here.values().filter(ours).map(|ticket| &ticket.jira_id);
        ids.extend(unseen.filter(|id| !there.contains(*id)).cloned());
        ids.sort_by_key(|id| (id.len(), id.clone()));
        for some in ids.chunks(BY_ID) {
            self.settle(scope, some, &here)?;
        }
        self.report.census = true;
        self.state.census = Some(now);
        self.store(Tickets::new(), false)
    }

    /// Asks for issues by id; stores those that are there and marks the others gone.
    fn settle<'s>(
        &mut self,
        scope: &'s thread::Scope<'s, '_>,
        ids: &[String],
        here: &HashMap<String, TicketIdentity>,
    ) -> Result<()> {
        let (client, asked) = (self.client.clone(), ids.to_vec());
        let found = scope.spawn(move || client.by_ids(&asked));
        let found = self.attend(found)?;
        let present: Vec<&str> = found
            .iter()
            .filter_map(|issue| issue["id"].as_str())
            .collect();
        let absent = ids.iter().filter(|id| !present.contains(&id.as_str()));
        let gone: Vec<i64> = absent
            .filter_map(|id| here.get(id))
            .filter(|ticket| !ticket.gone)
            .map(|ticket| ticket.id)
            .collect();
        let read = read_all(&self.client, &found);
        self.store(read, false)?;
        self.write(|db| gone.iter().try_for_each(|&id| db.tickets().set_gone(id)))?;
        self.report.gone += gone.len() as u64;
        Ok(())
    }
}
