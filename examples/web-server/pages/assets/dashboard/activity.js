// Minutes of testing by day and by what came of it.

import { html } from "../vendor/preact-htm.js";
import { longDay, minutes, plural } from "../lib/format.js";
import { ink } from "../lib/theme.js";
import { Chart } from "../ui/chart.js";
import { Empty } from "../ui/parts.js";

const KINDS = [
  ["passed", "Passed", "--part-1"],
  ["failed", "Defect found", "--part-2"],
  ["blocked", "Blocked", "--part-4"],
];

export function ActivityChart({ days }) {
  const sessions = days.reduce((sum, day) => sum + day.sessions, 0);
  if (!sessions) {
    return html`<div class="chart chart-empty"><${Empty} icon="chart" title="No session in these days">Complete one, and it is drawn here.<//></div>`;
  }
  const total = days.reduce((sum, day) => sum + day.minutes, 0);
  const label = `${plural(sessions, "session")} in ${days.length} days, ${minutes(total)} in all`;
  const table = {
    head: ["Day", "Sessions", "Passed", "Defect found", "Blocked", "Minutes"],
    rows: days.filter((day) => day.sessions).map((day) => [longDay(day.day), day.sessions, day.passed, day.failed, day.blocked, day.minutes]),
  };
  return html`<div class="between chart-head">
      <p class="small muted">${label}</p>
      <div class="legend" aria-hidden="true">${KINDS.map(([name, text, colour]) => html`<span key=${name}><i style=${{ "--colour": `var(${colour})` }}></i>${text}</span>`)}</div>
    </div>
    <${Chart} label=${label} data=${days} make=${configuration} table=${table} />`;
}

function configuration(days) {
  return {
    type: "bar",
    data: {
      labels: days.map((day) => longDay(day.day)),
      datasets: KINDS.map(([name, label, colour]) => ({
        label,
        data: days.map((day) => day[name]),
        backgroundColor: ink(colour),
        borderRadius: 3,
        maxBarThickness: 22,
        categoryPercentage: 0.82,
        barPercentage: 1,
      })),
    },
    options: {
      scales: {
        x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkip: true, autoSkipPadding: 26, callback: (_, i) => short(days[i].day) } },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 5 }, title: { display: false } },
      },
      plugins: {
        tooltip: {
          filter: (item) => item.raw > 0,
          callbacks: { footer: (items) => (items.length ? minutes(days[items[0].dataIndex].minutes) : "") },
        },
      },
    },
  };
}

function short(day) {
  const [, month, date] = day.split("-").map(Number);
  return `${date} ${["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]}`;
}
