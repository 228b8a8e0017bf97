// The session: clock, steps, breaks, notes, its end and what that earned. Without one: the way to
// one, and those before.

import { html, useEffect, useState } from "../vendor/preact-htm.js";
import { useData } from "../lib/data.js";
import { ticketPath } from "../lib/router.js";
import { OpenSession } from "../session/open.js";
import { Result } from "../session/result.js";
import { SessionRows } from "../session/rows.js";
import { Bones, Card, Empty, PageHead, Read } from "../ui/parts.js";

export default function SessionPage() {
  const current = useData("/session/current");
  const [result, setResult] = useState(null);
  const open = current.data;
  useEffect(() => {
    if (open) setResult(null);
  }, [open?.id]);
  const reading = current.loading;
  return html`<div class="page">
    ${open
      ? html`<${OpenSession} key=${open.id} session=${open} onEnd=${setResult} />`
      : html`<${PageHead} title="Session" lead=${result ? `${result.ticket_key} is done.` : "A clock, the steps to do, and what it earned."} />
          ${reading ? html`<div class="card"><${Bones} n=${4} h=${60} /></div>` : result ? html`<${Result} result=${result} />` : html`<${None} />`}`}
    ${!open && html`<${Past} />`}
  </div>`;
}

function None() {
  const work = useData("/personal/my-work?unresolved=true&limit=5");
  return html`<${Card} title="No session is open" flush>
    <p class="muted session-none">Open a ticket, choose scenarios, and start. The most urgent ones:</p>
    <${Read} from=${work} bones=${html`<div class="side-bones"><${Bones} n=${5} h=${46} /></div>`}>
      ${({ tickets }) =>
        tickets.length === 0
          ? html`<${Empty} icon="list" title="No ticket is open" actions=${html`<a class="button" href="/settings?part=data">Import tickets</a>`}>Bring some in, and pick one to test.<//>`
          : html`<ul class="rows">
              ${tickets.map(
                (ticket) => html`<li key=${ticket.ticket_key}>
                  <a class="row-link" href=${ticketPath(ticket.ticket_key)}><span class="key small">${ticket.ticket_key}</span><span class="grow clip" dir="auto">${ticket.summary}</span></a>
                </li>`,
              )}
            </ul>`}
    <//>
  <//>`;
}

function Past() {
  const sessions = useData("/sessions?limit=20");
  return html`<${Card} title="Sessions so far" flush>
    <${Read} from=${sessions} bones=${html`<div class="side-bones"><${Bones} n=${6} h=${46} /></div>`}>
      ${({ items }) => {
        const past = items.filter((one) => one.status === "completed" || one.status === "cancelled");
        return past.length === 0
          ? html`<${Empty} icon="timer" title="None yet">Sessions that you end are listed here.<//>`
          : html`<${SessionRows} sessions=${past} withTicket />`;
      }}
    <//>
  <//>`;
}
