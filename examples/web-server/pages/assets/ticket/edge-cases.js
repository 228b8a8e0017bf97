// Edge cases to try, and what the tester says of them.

import { html } from "../vendor/preact-htm.js";
import { answerEdgeCase, undoEdgeCase } from "../lib/calls.js";
import { Card } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

const CRITICALITY = { high: "bad", medium: "warn", low: "" };

/** Without `ticketKey` it is about a text, and nothing can be said of it. */
export function EdgeCases({ edgeCases, ticketKey, components = [], again }) {
  return html`<${Card} title="Edge cases to try">
    ${edgeCases.length === 0
      ? html`<p class="muted">No rule has one for this.</p>`
      : html`<ul class="edges">
          ${edgeCases.map(
            (edge) => html`<li key=${edge.rule + edge.description}>
              <span class=${`tag ${CRITICALITY[edge.criticality] ?? ""}`}>${edge.criticality}</span>
              <div class="grow">
                <p dir="auto">${edge.description}</p>
                ${edge.reason && html`<p class="small muted">${edge.reason}</p>`}
                ${ticketKey && html`<${Worth} edge=${edge} ticketKey=${ticketKey} components=${components} again=${again} />`}
              </div>
            </li>`,
          )}
        </ul>`}
  <//>`;
}

function Worth({ edge, ticketKey, components, again }) {
  const say = (answer, said) => async () => {
    try {
      const receipt = await answerEdgeCase(ticketKey, edge.rule, answer);
      again();
      toast(`${said}: ${edge.description}`, { action: { label: "Undo", run: () => undo(receipt.id) } });
    } catch (error) {
      complain(error);
    }
  };
  const undo = async (id) => {
    try {
      await undoEdgeCase(id);
      again();
    } catch (error) {
      complain(error);
    }
  };
  const link = (label, answer, said) =>
    html`<button type="button" class="link small" aria-label=${`${label}: ${edge.rule}`} onClick=${say(answer, said)}>${label}</button>`;
  return html`<div class="row wrap">
    ${link("Keep", "kept", "Kept")} ${link("Dismiss", "dismissed", "Dismissed for this ticket")}
    ${components.length > 0 && link(`Dismiss for ${components.join(", ")}`, "dismissed_for_component", `Dismissed for ${components.join(", ")}`)}
  </div>`;
}
