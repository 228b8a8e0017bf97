// The dashboard: how the day stands, what to do next.

import { html } from "../vendor/preact-htm.js";
import { ActivityChart } from "../dashboard/activity.js";
import { StreakCalendar } from "../dashboard/calendar.js";
import { Welcome } from "../dashboard/welcome.js";
import { offerChallenge } from "../lib/calls.js";
import { useData } from "../lib/data.js";
import { minutes, number, plural, today } from "../lib/format.js";
import { ticketPath } from "../lib/router.js";
import { SessionRows } from "../session/rows.js";
import { Icon } from "../ui/icon.js";
import { Bone, Bones, Card, Empty, Meter, PageHead, Priority, Problem, Read, Status } from "../ui/parts.js";

const DAYS = 371;

export default function Dashboard() {
  const coach = useData("/coach");
  const health = useData("/health");
  return html`<div class="page dashboard">
    <${PageHead} title=${today()} lead=${coach.loading ? html`<${Bone} w="min(420px, 80%)" h=${20} />` : coach.data?.line ?? "What is to be tested today?"} />
    ${health.data?.counts.tickets === 0 ? html`<${Welcome} />` : html`<${Today} />`}
  </div>`;
}

function Today() {
  const stats = useData("/personal/quick-stats");
  const challenge = useData("/challenge", { load: offerChallenge });
  const activity = useData(`/personal/activity?days=${DAYS}`);
  const recent = useData("/personal/recent-tickets?limit=6");
  const next = useData("/personal/my-work?unresolved=true&limit=6");
  const days = activity.data?.items;
  return html`<${Stats} stats=${stats} />
    <div class="dash-grid">
      <div class="stack">
        <${Card} title="Up next" flush tools=${html`<a href="/my-work" class="small">All of it</a>`}>
          <${Tickets} from=${next} list=${(data) => data.tickets} empty=${html`<${Empty} icon="list" title="Nothing is waiting">Tickets that are open and yours are listed here.<//>`} />
        <//>
        <${Card} title="The last 30 days">
          <${Read} from=${activity} bones=${html`<div class="chart"><${Bone} h=${232} /></div>`}>
            ${() => html`<${ActivityChart} days=${days.slice(-30)} />`}
          <//>
        <//>
      </div>
      <div class="stack">
        <${ChallengeCard} from=${challenge} />
        <${StreakCalendar} days=${days} error=${activity.error} />
        <${Card} title="Recently" flush>
          <${Tickets} from=${recent} list=${(data) => data.items} empty=${html`<${Empty} icon="clock" title="Nothing yet">Tickets that you predict for, note something on, or test come here.<//>`} />
        <//>
        <${Tested} />
      </div>
    </div>`;
}

/** The newest sessions that have ended; nothing where there is none. */
function Tested() {
  const { data } = useData("/sessions?limit=5");
  const past = (data?.items ?? []).filter((one) => one.status === "completed");
  if (!past.length) return null;
  return html`<${Card} title="Tested last" flush tools=${html`<a href="/session" class="small">All sessions</a>`}><${SessionRows} sessions=${past.slice(0, 3)} withTicket /><//>`;
}

function Stats({ stats }) {
  if (stats.error && !stats.data) return html`<${Problem} error=${stats.error} again=${stats.reload} />`;
  const s = stats.data;
  const show = (draw) => (s ? draw() : html`<${Bone} w=${70} h=${30} />`);
  return html`<section class="stats" aria-label="Today in numbers" data-ready=${s ? "true" : "false"}>
    <${Stat} label="Tickets today">${show(() => html`<b>${number(s.tickets_today)}</b>`)}<//>
    <${Stat} label="Time today">${show(() => html`<b>${minutes(s.minutes_today)}</b>`)}<//>
    <${Stat} label="Streak">
      ${show(() => html`<b>${plural(s.current_streak, "day")}</b> ${s.current_streak > 0 && html`<span class="flame"><${Icon} name="flame" filled /></span>`}`)}
    <//>
    <${Stat} label=${s ? `Level ${s.level}` : "Level"}>
      ${show(() => html`<b>${number(s.xp_current)}</b> <span class="muted">of ${number(s.xp_next)} XP</span>`)}
      <${Meter} thin share=${s ? s.xp_current / s.xp_next : 0} label=${s ? `${s.xp_current} of ${s.xp_next} points to level ${s.level + 1}` : "Points"} />
    <//>
  </section>`;
}

function Stat({ label, children }) {
  return html`<div class="card stat">
    <span class="label">${label}</span>
    <div class="stat-value numeric">${children}</div>
  </div>`;
}

function ChallengeCard({ from }) {
  const challenge = from.data;
  return html`<${Card} title="Today's challenge" class="challenge" tools=${challenge && html`<span class="tag accent">${challenge.xp} XP</span>`}>
    <${Read} from=${from} bones=${html`<${Bones} n=${2} h=${22} />`}>
      ${() =>
        challenge
          ? html`<p class="challenge-text">${challenge.text}</p>
              <div class="row">
                <div class="grow"><${Meter} share=${challenge.progress / challenge.target} label=${`${challenge.progress} of ${challenge.target} done`} /></div>
                <span class="small numeric muted">${challenge.completed_at ? html`<span class="good strong">Done</span>` : `${challenge.progress} of ${challenge.target}`}</span>
              </div>`
          : html`<p class="muted">No challenge today: there is nothing to do that one could be made of. Bring in tickets, and it comes.</p>`}
    <//>
  <//>`;
}

function Tickets({ from, list, empty }) {
  return html`<${Read} from=${from} bones=${html`<div class="ticket-bones"><${Bones} n=${6} h=${46} gap=${11} /></div>`}>
    ${(data) =>
      list(data).length === 0
        ? empty
        : html`<ul class="rows">
            ${list(data).map(
              (ticket) => html`<li key=${ticket.ticket_key}>
                <a class="row-link" href=${ticketPath(ticket.ticket_key)}>
                  <span class="grow">
                    <span class="row ticket-facts"
                      ><span class="key small">${ticket.ticket_key}</span> <${Priority} name=${ticket.priority} /> <${Status} name=${ticket.status} />
                      ${ticket.prediction && html`<span class="small muted numeric nowrap ticket-minutes">${minutes(ticket.prediction.total_estimated_time)}</span>`}</span
                    >
                    <span class="clip ticket-line" dir="auto">${ticket.summary}</span>
                  </span>
                  <${Icon} name="right" />
                </a>
              </li>`,
            )}
          </ul>`}
  <//>`;
}
