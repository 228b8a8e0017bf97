// Sessions in a list, each a link to its page.

import { html } from "../vendor/preact-htm.js";
import { ago, fullDate, minutes } from "../lib/format.js";
import { sessionPath } from "../lib/router.js";
import { Outcome } from "../ui/parts.js";

/** `withTicket` names the ticket of each, for lists that are not a ticket's own. */
export function SessionRows({ sessions, withTicket }) {
  return html`<ul class="rows">
    ${sessions.map(
      (one) => html`<li key=${one.id}>
        <a class="row-link" href=${sessionPath(one.id)}>
          <span class="grow">
            <span class="row wrap">${withTicket && html`<span class="key small">${one.ticket_key}</span>`}<${Outcome} name=${one.outcome ?? one.status} /></span>
            ${withTicket && html`<span class="clip ticket-line" dir="auto">${one.summary}</span>`} ${one.notes && html`<span class="clip ticket-line small muted" dir="auto">${one.notes}</span>`}
          </span>
          <span class="small muted numeric session-facts">
            <span>${minutes(one.minutes)}${one.steps_total ? ` · ${one.steps_completed} of ${one.steps_total} steps` : one.steps_completed ? ` · ${one.steps_completed} steps` : ""}</span>
            <span title=${fullDate(one.ended_at)}>${ago(one.ended_at ?? one.started_at)}</span>
          </span>
        </a>
      </li>`,
    )}
  </ul>`;
}
