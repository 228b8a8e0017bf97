// Charts by Chart.js, which is loaded when the first one is drawn. The box keeps its size while it
// loads. Each chart has its numbers as a table for who cannot see it.

import { html, useEffect, useRef } from "../vendor/preact-htm.js";
import { ink, onTheme, token } from "../lib/theme.js";

let loaded = null;

function chartJs() {
  loaded ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/assets/vendor/chart.js";
    script.onload = () => resolve(globalThis.Chart);
    script.onerror = () => {
      loaded = null;
      reject(new Error("The charts could not be loaded."));
    };
    document.head.append(script);
  });
  return loaded;
}

/**
 * A chart: `make` gives Chart.js its configuration, with colours as they are now, and is called
 * again when `data` or the theme changes. `table` is `{head, rows}` of the same numbers.
 */
export function Chart({ label, data, make, table, tall }) {
  const canvas = useRef();
  const chart = useRef(null);
  useEffect(() => {
    let gone = false;
    const draw = () =>
      chartJs()
        .then((Chart) => {
          if (gone) return;
          chart.current?.destroy();
          chart.current = new Chart(canvas.current, withStyle(make(data)));
        })
        .catch((error) => console.warn(error));
    draw();
    const off = onTheme(draw);
    return () => {
      gone = true;
      off();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [JSON.stringify(data)]);
  return html`<div class=${tall ? "chart tall" : "chart"}>
      <canvas ref=${canvas} role="img" aria-label=${label}></canvas>
    </div>
    ${table &&
    html`<div class="hidden-text">
      <table>
        <caption>
          ${label}
        </caption>
        <thead>
          <tr>
            ${table.head.map((text) => html`<th key=${text} scope="col">${text}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            (row, i) => html`<tr key=${i}>
              ${row.map((cell, j) => html`<td key=${j}>${cell}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`}`;
}

function withStyle(config) {
  const text = ink("--muted");
  const line = ink("--line");
  const font = { family: token("--sans"), size: 12 };
  const options = config.options ?? {};
  const scales = Object.fromEntries(
    Object.entries(options.scales ?? {}).map(([name, scale]) => [
      name,
      {
        ...scale,
        border: { display: false, ...scale.border },
        grid: { color: line, tickLength: 0, ...scale.grid },
        ticks: { color: text, font, padding: 8, ...scale.ticks },
        title: { color: text, font, ...scale.title },
      },
    ]),
  );
  return {
    ...config,
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false },
      ...options,
      scales,
      plugins: {
        legend: { display: false },
        ...options.plugins,
        tooltip: {
          backgroundColor: ink("--text"),
          titleColor: ink("--ground"),
          bodyColor: ink("--ground"),
          titleFont: { ...font, weight: 600 },
          bodyFont: font,
          padding: 10,
          cornerRadius: 8,
          boxPadding: 4,
          ...options.plugins?.tooltip,
        },
      },
    },
  };
}
