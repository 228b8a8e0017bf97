// Ticket analysis: the ticket, what it is about, what to test for it.

import { html, useState } from "../vendor/preact-htm.js";
import { post } from "../lib/api.js";
import { predict } from "../lib/calls.js";
import { Answers, useAnswers } from "../ticket/answers.js";
import { useData } from "../lib/data.js";
import { ago, fullDate } from "../lib/format.js";
import { About, Blend, Similar } from "../ticket/aside.js";
import { EdgeCases } from "../ticket/edge-cases.js";
import { MissedDialog } from "../ticket/missed.js";
import { NoteForm } from "../ticket/note.js";
import { Review } from "../ticket/review.js";
import { SessionRows } from "../session/rows.js";
import { Scenarios } from "../ticket/scenarios.js";
import { Icon } from "../ui/icon.js";
import { Bone, Bones, Card, Empty, PageHead, Priority, Problem, Select, Status } from "../ui/parts.js";

const COUNTS = [5, 10, 20].map((n) => [String(n), `Top ${n}`]);

export default function TicketPage({ ticketKey }) {
  const [count, setCount] = useState("5");
  const [missing, setMissing] = useState(false);
  const path = `/tickets/${encodeURIComponent(ticketKey)}`;
  const ticket = useData(path);
  const there = Boolean(ticket.data);
  const prediction = useData(there || ticket.loading ? `/predict:${ticketKey}:${count}` : null, { load: () => predict(ticketKey, Number(count)), refresh: false });
  const analysis = useData(there || ticket.loading ? `/analyze:${ticketKey}` : null, { load: () => post("/analyze", { ticket_key: ticketKey }), refresh: false });
  const review = useData(there || ticket.loading ? `/review:${ticketKey}` : null, { load: () => post("/review", { ticket_key: ticketKey }), refresh: false });
  const current = useData("/session/current");
  const answers = useAnswers(ticketKey);
  if (ticket.error && !ticket.data) return html`<${NoTicket} ticketKey=${ticketKey} ticket=${ticket} />`;
  // All of it comes at once, so that nothing moves what is being read already.
  const ready = [ticket, prediction, analysis, review, answers, current].every((one) => !one.loading);
  const t = ready ? ticket.data : null;
  return html`<div class="page">
    <${PageHead} dir="auto" title=${ticket.data ? ticket.data.summary : ticketKey} lead=${html`<${Facts} ticketKey=${ticketKey} ticket=${ticket.data} />`} />
    ${!ready && html`<div class="ticket-grid"><div class="stack tight"><${Bone} h=${46} /><${Bones} n=${5} h=${116} /></div><div class="stack"><${Bones} n=${4} h=${190} gap=${20} /></div></div>`}
    ${ready &&
    html`<div class="ticket-grid">
      <div class="stack">
        ${prediction.data
          ? html`<${Scenarios} key=${count} prediction=${prediction.data} title=${`${ticketKey} ${t.summary}`} ticketKey=${ticketKey} openSession=${current.data} answers=${answers.of}>
                <${Select} label="How many scenarios" value=${count} options=${COUNTS} onChange=${setCount} />
              <//>
              <div class="row wrap between">
                <${Blend} prediction=${prediction.data} />
                <button type="button" class="button small" onClick=${() => setMissing(true)}><${Icon} name="plus" /> Something was missing</button>
              </div>`
          : html`<${Problem} error=${prediction.error} again=${prediction.reload} />`}
      </div>
      <div class="stack">
        <${Description} ticket=${t} />
        <${Review} review=${review} />
        <${Card} title="Your note"><${NoteForm} ticketKey=${ticketKey} note=${t.my_note} difficulty=${t.difficulty} /><//>
        <${Sessions} sessions=${t.sessions} />
        <${Answers} receipts=${answers.receipts} />
        ${prediction.data && html`<${EdgeCases} edgeCases=${prediction.data.edge_cases} ticketKey=${ticketKey} components=${t.components} again=${prediction.reload} />`}
        <${About} analysis=${analysis} />
        <${Similar} analysis=${analysis} />
      </div>
    </div>`}
    ${missing && html`<${MissedDialog} ticketKey=${ticketKey} onClose=${() => setMissing(false)} />`}
  </div>`;
}

function Facts({ ticketKey, ticket }) {
  if (!ticket) return html`<${Bone} w=${280} h=${22} />`;
  return html`<span class="row wrap facts">
    <span class="key">${ticketKey}</span>
    ${ticket.ticket_type && html`<span class="tag">${ticket.ticket_type}</span>`}
    <${Status} name=${ticket.status} /> <${Priority} name=${ticket.priority} />
    ${ticket.components.map((name) => html`<span key=${name} class="tag">${name}</span>`)}
    ${ticket.assignee && html`<span class="small">${ticket.assignee}</span>`}
    ${ticket.updated && html`<span class="small" title=${fullDate(ticket.updated)}>changed ${ago(ticket.updated)}</span>`}
  </span>`;
}

function Description({ ticket }) {
  const [all, setAll] = useState(false);
  const text = ticket.description?.trim();
  const long = text?.length > 420;
  return html`<${Card} title="The ticket">
    ${!text && html`<p class="muted">It has no description.</p>`}
    ${text && html`<p dir="auto" class=${`pre description${long && !all ? " short" : ""}`}>${text}</p>`}
    ${long && html`<button type="button" class="link small" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? "Less" : "All of it"}</button>`}
  <//>`;
}

/** The sessions on this ticket that have ended. */
function Sessions({ sessions }) {
  const past = sessions.filter((one) => one.status === "completed" || one.status === "cancelled");
  if (!past.length) return null;
  return html`<${Card} title="Sessions" flush><${SessionRows} sessions=${past} /><//>`;
}

function NoTicket({ ticketKey, ticket }) {
  const missing = ticket.error.status === 404;
  return html`<div class="page">
    <${PageHead} title=${ticketKey} />
    ${missing
      ? html`<div class="card">
          <${Empty}
            icon="search"
            title="This ticket is not here"
            actions=${html`<a class="button primary" href="/settings?part=data">Import tickets</a><a class="button" href="/tickets/new">Ask about a text</a>`}
            >No stored ticket has this key. Import it, bring it in from Jira, or paste its text.<//
          >
        </div>`
      : html`<${Problem} error=${ticket.error} again=${ticket.reload} />`}
  </div>`;
}
