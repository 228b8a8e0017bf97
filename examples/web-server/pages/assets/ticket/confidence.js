// Confidence with what it is made of, and minutes with their interval.

import { html } from "../vendor/preact-htm.js";
import { minutes } from "../lib/format.js";

const COLOURS = { neural: "--part-1", similarity: "--part-2" };
const WHERE = {
  observed: "from the times it really took",
  pattern: "the average that the pattern came with",
  component: "how long others of its component took",
  text: "from scenarios with a similar text",
  default: "nothing is known yet",
};

const colour = (name) => `var(${COLOURS[name] ?? "--part-3"})`;

export function Confidence({ scenario }) {
  const positive = scenario.parts.filter((part) => part.value > 0);
  const sum = positive.reduce((total, part) => total + part.value, 0) || 1;
  const said = scenario.parts.map((part) => `${part.name} ${Math.round(part.value)}`).join(" + ");
  const calibrated = scenario.calibrated ? "calibrated on your own past" : "not calibrated yet: it orders scenarios";
  return html`<div class="confidence" title=${`${Math.round(scenario.confidence)} of 100 = ${said}; ${calibrated}`}>
    <b class="numeric">${Math.round(scenario.confidence)}</b>
    <div class="confidence-parts">
      <div class="meter" role="img" aria-label=${`Confidence ${Math.round(scenario.confidence)} of 100: ${said}`}>
        ${positive.map(
          (part) => html`<i key=${part.name} style=${{ "--share": ((part.value / sum) * scenario.confidence) / 100, background: colour(part.name), borderRadius: 0 }}></i>`,
        )}
      </div>
      <span class="legend">
        ${scenario.parts.map((part) => html`<span key=${part.name} class="numeric"><i style=${{ "--colour": colour(part.name) }}></i>${part.name} ${Math.round(part.value)}</span>`)}
      </span>
    </div>
  </div>`;
}

export function Minutes({ scenario }) {
  const { estimated_time: said, estimated_time_low: low, estimated_time_high: high } = scenario;
  return html`<span class="minutes numeric nowrap" title=${`Minutes: ${WHERE[scenario.minutes_origin] ?? scenario.minutes_origin}. Four of five times between ${low} and ${high}.`}>
    ${scenario.minutes_origin === "default" && "about "}${minutes(said)}${high > 0 && html` <span class="muted">(${low}–${high}${said >= 60 ? " min" : ""})</span>`}
  </span>`;
}
