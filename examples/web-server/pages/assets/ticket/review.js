// What to ask the ticket's author before testing, each with the sentence that it quotes.

import { html } from "../vendor/preact-htm.js";
import { Bones, Card, Read } from "../ui/parts.js";

const SEVERITY = { high: "bad", medium: "warn", low: "" };
const PLACE = { summary: "Summary", criterion: "Criterion", description: "Line" };

export function Review({ review }) {
  return html`<${Card} title="Ask the author">
    <${Read} from=${review} bones=${html`<${Bones} n=${3} h=${44} />`}>
      ${({ findings, left_out: leftOut, notes = [] }) => html`${findings.length === 0
          ? html`<p class="muted">The text leaves nothing open that ATLAS knows to look for.</p>`
          : html`<ul class="edges">
              ${findings.map(
                (finding) => html`<li key=${finding.code + finding.quotes[0].text}>
                  <span class=${`tag ${SEVERITY[finding.severity] ?? ""}`}>${finding.severity}</span>
                  <div class="grow">
                    <p dir="auto">${finding.question}</p>
                    ${finding.quotes.map((quote) => html`<p key=${quote.text} class="small muted" dir="auto">${where(quote)}: “${quote.text}”</p>`)}
                  </div>
                </li>`,
              )}
            </ul>`}
        ${leftOut > 0 && html`<p class="small muted">${leftOut} more are left out.</p>`}
        ${notes.map((note) => html`<p key=${note} class="small muted">${note}</p>`)}`}
    <//>
  <//>`;
}

const where = ({ part, number }) => [PLACE[part] ?? part, number].filter(Boolean).join(" ");
