// The backtest's charts.

import { html } from "../vendor/preact-htm.js";
import { percent } from "../lib/format.js";
import { ink } from "../lib/theme.js";
import { Chart } from "../ui/chart.js";
import { Empty } from "../ui/parts.js";

const shares = { min: 0, max: 1, ticks: { callback: percent, maxTicksLimit: 6 } };

/** Bars of each method's share in the first ten, with its interval, and all its numbers. */
export function Methods({ methods }) {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Methods compared"><table>
    <thead>
      <tr><th scope="col">Method</th><th scope="col">First</th><th scope="col">First ten</th><th scope="col" class="wide-cell">First ten in 95 % of pasts</th><th scope="col">MRR</th></tr>
    </thead>
    <tbody>
      ${methods.map(
        (method) => html`<tr key=${method.name} class=${method.name === "ATLAS" ? "marked" : ""}>
          <th scope="row">${method.name}</th>
          <td>${percent(method.hit_1.value)}</td>
          <td>${percent(method.hit_10.value)}</td>
          <td class="wide-cell"><${Span} interval=${method.hit_10} /></td>
          <td>${method.mrr.value.toFixed(2)}</td>
        </tr>`,
      )}
    </tbody>
  </table></div>`;
}

function Span({ interval: { value, low, high } }) {
  return html`<span class="span" role="img" aria-label=${`${percent(low)} to ${percent(high)}`} title=${`${percent(low)} to ${percent(high)}`}>
    <i class="span-range" style=${{ left: percentOf(low), width: percentOf(Math.max(high - low, 0.008)) }}></i><i class="span-point" style=${{ left: percentOf(value) }}></i>
  </span>`;
}

const percentOf = (share) => `${100 * share}%`;

/** What confidence said against how often it was right. */
export function Reliability({ reliability, judged }) {
  if (!reliability) {
    return html`<div class="chart tall chart-empty"><${Empty} icon="target" title="Not enough answers yet">From 30 judged scenarios on, confidence is compared with how often it was right.<//></div>`;
  }
  const bands = reliability.bands.filter((band) => band.count);
  const label = `Confidence against how often it was right, on ${judged} scenarios; mean error ${(100 * reliability.calibration_error).toFixed(1)} points`;
  const make = () => ({
    type: "bubble",
    data: {
      datasets: [
        {
          label: "Scenarios",
          data: bands.map((band) => ({ x: band.said, y: band.right, r: Math.max(4, Math.min(18, 2.2 * Math.sqrt(band.count))) })),
          backgroundColor: `color-mix(in srgb, ${ink("--part-1")} 70%, transparent)`,
          borderColor: ink("--surface"),
          borderWidth: 1.5,
          clip: false,
        },
        { type: "line", label: "As said", data: [{ x: 0, y: 0 }, { x: 1, y: 1 }], borderColor: ink("--line-strong"), borderDash: [4, 4], borderWidth: 1.5, pointRadius: 0, pointHitRadius: 0 },
      ],
    },
    options: {
      layout: { padding: 8 },
      interaction: { mode: "nearest", intersect: true },
      scales: { x: { ...shares, type: "linear", title: { display: true, text: "Confidence said" } }, y: { ...shares, title: { display: true, text: "Was right" } } },
      plugins: {
        tooltip: {
          filter: (item) => item.datasetIndex === 0,
          callbacks: { label: (item) => `said ${percent(bands[item.dataIndex].said)}, right ${percent(bands[item.dataIndex].right)}: ${bands[item.dataIndex].count} scenarios` },
        },
      },
    },
  });
  const table = { head: ["Said", "Right", "Scenarios"], rows: bands.map((band) => [percent(band.said), percent(band.right), band.count]) };
  return html`<p class="small muted chart-head">${label}. On the dashed line it is exactly what it says; a larger dot is more scenarios.</p>
    <${Chart} tall label=${label} data=${bands} make=${make} table=${table} />`;
}

/** The share in the first ten, ticket by ticket, over a window. */
export function Timeline({ timeline, drift }) {
  const { points, window } = timeline;
  if (points.length < 2) return html`<div class="chart tall chart-empty"><${Empty} icon="chart" title="Too few tickets">It takes some more of a past to draw one.<//></div>`;
  const label = `In the first ten, over the ${window} tickets before each`;
  const line = (name, colour) => ({ data: points.map((point) => point[name]), borderColor: ink(colour), backgroundColor: ink(colour), borderWidth: 2, pointRadius: 0, pointHoverRadius: 4, tension: 0.25, clip: false });
  const make = () => ({
    type: "line",
    data: {
      labels: points.map((point) => point.ticket),
      datasets: [
        { label: "ATLAS", ...line("hit_10", "--part-1") },
        { label: "Most frequent", ...line("frequency_hit_10", "--part-2") },
      ],
    },
    options: {
      scales: { x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkip: true, maxTicksLimit: 5 } }, y: shares },
      plugins: { tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${percent(item.raw)}` } } },
    },
  });
  const table = { head: ["Up to", "ATLAS", "Most frequent"], rows: points.map((point) => [point.ticket, percent(point.hit_10), percent(point.frequency_hit_10)]) };
  return html`<div class="between chart-head">
      <p class="small muted">${label}</p>
      <div class="legend" aria-hidden="true"><span><i style=${{ "--colour": "var(--part-1)" }}></i>ATLAS</span><span><i style=${{ "--colour": "var(--part-2)" }}></i>Most frequent</span></div>
    </div>
    <${Chart} tall label=${label} data=${points} make=${make} table=${table} />
    ${drift && html`<p class="note warn">${drift.warning}</p>`}`;
}
