// What stands beside the scenarios: what the ticket is about, tickets like it.

import { html, useState } from "../vendor/preact-htm.js";
import { percent } from "../lib/format.js";
import { ticketPath } from "../lib/router.js";
import { Bones, Card, Empty, Meter, Read, Status } from "../ui/parts.js";

export function About({ analysis }) {
  return html`<${Card} title="What it is about">
    <${Read} from=${analysis} bones=${html`<${Bones} n=${5} h=${24} />`}>
      ${({ components, scenario_types: types }) => html`<div class="stack tight">
        <${Shares} title="Components" items=${components.slice(0, 5).map((one) => ({ name: one.name, share: one.confidence, why: one.reason }))} none="No component comes to mind." />
        <${Shares} title="Scenario types" items=${types.slice(0, 6).map((one) => ({ name: one.type, share: one.relevance, why: one.words.join(", ") }))} none="No type of scenario stands out." />
      </div>`}
    <//>
  <//>`;
}

function Shares({ title, items, none }) {
  return html`<div>
    <h3 class="label">${title}</h3>
    ${items.length === 0 && html`<p class="small muted">${none}</p>`}
    <ul class="shares">
      ${items.map(
        ({ name, share, why }) => html`<li key=${name} title=${why}>
          <div class="between"><span>${name}</span><span class="small muted numeric">${percent(share)}</span></div>
          <${Meter} thin share=${share} label=${`${name}: ${percent(share)}`} />
          ${why && html`<p class="small muted clip">${why}</p>`}
        </li>`,
      )}
    </ul>
  </div>`;
}

const BANDS = { strong: ["good", "very alike"], medium: ["accent", "alike"], weak: ["", "a little alike"] };

/** Similar tickets that are shown before all of them are asked for. */
const FEW = 4;

export function Similar({ analysis }) {
  const [all, setAll] = useState(false);
  const count = analysis.data?.similar_tickets.length ?? 0;
  const tools = count > FEW && html`<button type="button" class="link small" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? "Fewer" : `All ${count}`}</button>`;
  return html`<${Card} title="Similar tickets" flush tools=${tools}>
    <${Read} from=${analysis} bones=${html`<div class="side-bones"><${Bones} n=${4} h=${58} /></div>`}>
      ${({ similar_tickets: tickets }) =>
        tickets.length === 0
          ? html`<${Empty} icon="search" title="None is like it">With more tickets there is more to compare with.<//>`
          : html`<ul class="rows">
              ${(all ? tickets : tickets.slice(0, FEW)).map((ticket) => {
                const [kind, said] = BANDS[ticket.band] ?? ["", ticket.band];
                return html`<li key=${ticket.ticket_key}>
                  <a class="row-link similar" href=${ticketPath(ticket.ticket_key)}>
                    <span class="grow">
                      <span class="row wrap"><span class="key small">${ticket.ticket_key}</span><span class=${`tag ${kind}`}>${said} ${percent(ticket.similarity)}</span><${Status} name=${ticket.status} /></span>
                      <span class="similar-summary" dir="auto">${ticket.summary}</span>
                      <span class="small muted similar-why">${why(ticket)}</span>
                    </span>
                  </a>
                </li>`;
              })}
            </ul>`}
    <//>
  <//>`;
}

/** "both say care, value · meaning .32, words .13". */
function why(ticket) {
  const shared = ticket.shared_words.length ? `both say ${ticket.shared_words.slice(0, 5).join(", ")}` : "";
  const parts = [...ticket.parts]
    .filter((part) => Math.abs(part.value) >= 0.005)
    .sort((a, b) => b.value - a.value)
    .slice(0, 3)
    .map((part) => `${part.name} ${part.value.toFixed(2).replace(/^0/, "")}`)
    .join(", ");
  return [shared, parts].filter(Boolean).join(" · ");
}

/** Who made one list of it, and what was not heard. */
export function Blend({ prediction }) {
  const { blend, degraded } = prediction;
  return html`<div class="small muted stack tight">
    <p>
      Blended by ${blend.by === "learned" ? "what was learned from your past" : `the ${blend.by}`}${blend.model ? `, version ${blend.model}` : ""}.
      ${blend.calibrated ? " Confidence is calibrated on your own past." : blend.missing ? ` Confidence orders scenarios; ${blend.missing} more answers and it is calibrated.` : ""}
    </p>
    ${degraded.map((one) => html`<p key=${one.predictor} class="note warn">“${one.predictor}” took no part: ${one.reason}</p>`)}
  </div>`;
}
