//! The tester's work: what is to be tested, and how the day stands.

use std::collections::HashSet;

use super::Tickets;
use crate::atlas::core::Core;
use crate::atlas::core::user::user_settings;
use crate::domain::{DataSource, MyWork, QuickStats, TicketKey, WorkChoices, WorkFilter, WorkItem};
use crate::jira::JiraClient;
use crate::play::challenges::Workload;
use crate::{Error, Result};

/// The most tickets that are listed at once.
const MOST_LISTED: usize = 1_000;
/// How many of ATLAS's questions a challenge can ask to be answered.
const QUESTIONS: usize = 20;

impl Tickets {
    /// Tickets to test, in the order of the filter: at most `limit` (1 to 1,000), after the first
    /// `offset`. Each with the tester's note and difficulty, its newest
    /// prediction in short, and the open session. Without an assignee in the filter it is the one
    /// of the settings, if that is set.
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Ticket, TicketKey, WorkFilter};
    /// let atlas = Atlas::open_in_memory()?;
    /// let mut urgent = Ticket::new(TicketKey::parse("WRKA-8")?, "Nobody can log in");
    /// urgent.priority = Some("Blocker".into());
    /// let other = Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty");
    /// atlas.tickets().add(&[other, urgent])?;
    /// atlas.tickets().set_note("WRKA-8", Some("ask Kim for an account"))?;
    /// let work = atlas.tickets().work(&WorkFilter::default(), 50, 0)?;
    /// assert_eq!(work.tickets[0].my_note.as_deref(), Some("ask Kim for an account"));
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn work(&self, filter: &WorkFilter, limit: usize, offset: usize) -> Result<MyWork> {
        check_limit(limit)?;
        let user = self.core.user()?;
        let last_sync = self
            .core
            .last_sync()?
            .filter(|outcome| outcome.failure.is_none());
        self.core.store.read(|stored| {
            let mut filter = filter.clone();
            if filter.assignee.is_none() {
                filter.assignee = user_settings(stored)?.assignee;
            }
            Ok(MyWork {
                tickets: stored.work().list(user.id, &filter, limit, offset)?,
                count: stored.work().count(&filter)?,
                data_source: DataSource::Cached,
                last_sync: last_sync.map(|outcome| outcome.finished),
                live_failed: None,
            })
        })
    }

    /// The same after Jira was asked for the assignee's tickets: for those of the filter or of the
    /// settings, else for the account's own. What Jira does not list any more is left out. If Jira
    /// cannot be asked, the answer is the stored one and [`MyWork::live_failed`] says why.
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors, `CANCELLED`.
    pub fn work_live(
        &self,
        client: &JiraClient,
        filter: &WorkFilter,
        limit: usize,
        offset: usize,
    ) -> Result<MyWork> {
        check_limit(limit)?;
        let mut filter = filter.clone();
        if filter.assignee.is_none() {
            filter.assignee = self.core.user_settings()?.assignee;
        }
        let listed = match self.ask_jira(client, &mut filter) {
            Ok(listed) => listed,
            Err(failed @ Error::Jira(_)) => {
                let mut work = self.work(&filter, limit, offset)?;
                work.live_failed = Some(failed.to_string());
                return Ok(work);
            }
            Err(other) => return Err(other),
        };
        let user = self.core.user()?;
        let mut tickets = self
            .core
            .store
            .read(|stored| stored.work().list(user.id, &filter, usize::MAX, 0))?;
        tickets.retain(|item| listed.contains(&item.ticket_key));
        let count = tickets.len() as u64;
        Ok(MyWork {
            tickets: tickets.into_iter().skip(offset).take(limit).collect(),
            count,
            data_source: DataSource::Live,
            last_sync: Some((self.core.clock)()),
            live_failed: None,
        })
    }

    /// What [`Tickets::work`](crate::Tickets::work) can be filtered by: who has tickets, their
    /// statuses and projects.
    ///
    /// # Errors
    /// Storage errors.
    ///
    /// ```
    /// use atlas_core::Atlas;
    /// use atlas_core::domain::{Ticket, TicketKey};
    /// let atlas = Atlas::open_in_memory()?;
    /// atlas.tickets().add(&[Ticket::new(TicketKey::parse("WRKA-7")?, "Export is empty")])?;
    /// assert_eq!(atlas.tickets().work_choices()?.projects, ["WRKA"]);
    /// # Ok::<(), atlas_core::Error>(())
    /// ```
    pub fn work_choices(&self) -> Result<WorkChoices> {
        self.core.store.read(|stored| stored.work().choices())
    }

    /// The tickets that the tester dealt with last (a session, a note, a prediction), newest first,
    /// at most `limit` (1 to 1,000).
    ///
    /// # Errors
    /// `INVALID_VALUE`, storage errors.
    pub fn recent(&self, limit: usize) -> Result<Vec<WorkItem>> {
        check_limit(limit)?;
        let user = self.core.user()?;
        self.core
            .store
            .read(|stored| stored.work().recent(user.id, limit))
    }

    /// How the tester's day stands, in a few numbers.
    ///
    /// # Errors
    /// Storage errors.
    pub fn quick_stats(&self) -> Result<QuickStats> {
        self.core.look_at_work(|_, _, tally, now| {
            let today = tally.activity(now.day, now.day);
            let today = today.first().copied().unwrap_or_default();
            let standing = tally.standing(now);
            Ok(QuickStats {
                tickets_today: today.tickets,
                minutes_today: today.minutes,
                xp_today: today.xp,
                current_streak: standing.current_streak,
                level: standing.level,
                xp_current: standing.xp_in_level,
                xp_next: standing.xp_to_next,
            })
        })
    }
}

impl Tickets {
    /// Stores what Jira lists for the filter's assignee, and says which tickets these are. Without
    /// one the filter gets the account's name.
    fn ask_jira(&self, client: &JiraClient, filter: &mut WorkFilter) -> Result<HashSet<TicketKey>> {
        let status = filter.status.as_deref();
        let tickets = match &filter.assignee {
            Some(assignee) => client.assigned(assignee, status)?,
            None => {
                filter.assignee = Some(client.myself()?.name);
                client.assigned("currentUser()", status)?
            }
        };
        self.add(&tickets)?;
        Ok(tickets.into_iter().map(|ticket| ticket.key).collect())
    }
}

impl Core {
    /// How many of the tester's tickets are not resolved.
    pub(crate) fn open_tickets(&self) -> Result<u32> {
        self.store.read(|stored| {
            let filter = WorkFilter {
                assignee: user_settings(stored)?.assignee,
                unresolved: true,
                ..WorkFilter::default()
            };
            Ok(number(stored.work().count(&filter)?))
        })
    }

    /// What the tester could do now.
    pub(crate) fn workload(&self) -> Result<Workload> {
        let questions = self.questions(QUESTIONS)?.len();
        let user = self.user()?;
        self.store.read(|stored| {
            let filter = WorkFilter {
                assignee: user_settings(stored)?.assignee,
                unresolved: true,
                ..WorkFilter::default()
            };
            let predicted = stored.workload().predicted(&filter)?;
            Ok(Workload {
                open_tickets: number(stored.work().count(&filter)?),
                tickets_without_note: number(stored.workload().without_note(user.id, &filter)?),
                estimated_tickets: predicted.estimated_tickets,
                predicted_steps: predicted.steps,
                questions: number(questions as u64),
                scenarios_without_feedback: number(stored.predictions().undecided()?.len() as u64),
                components: stored.workload().components(&filter)?,
            })
        })
    }
}

fn check_limit(limit: usize) -> Result<()> {
    if (1..=MOST_LISTED).contains(&limit) {
        Ok(())
    } else {
        let expected = format!("1 to {MOST_LISTED}");
        Err(Error::invalid("limit", limit, expected))
    }
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
