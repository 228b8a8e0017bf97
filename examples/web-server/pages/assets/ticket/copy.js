// A prediction as text to paste elsewhere: Markdown for Jira or a wiki, Gherkin for a test suite.

import { minutes } from "../lib/format.js";
import { complain, toast } from "../ui/toast.js";

const oneLine = (text) => String(text ?? "").replace(/\s+/g, " ").trim();
const markdownLine = (text) => oneLine(text).replace(/([\\`*_{}[\]<>#|])/g, "\\$1");

/** `title` is the ticket's key and summary, or the text that was asked about. */
export function toMarkdown(title, scenarios, edgeCases) {
  const lines = [`# What to test: ${markdownLine(title)}`, ""];
  scenarios.forEach((scenario, i) => {
    lines.push(`## ${i + 1}. ${markdownLine(scenario.scenario_name)}`, "");
    lines.push(`${minutes(scenario.estimated_time)}, confidence ${Math.round(scenario.confidence)}`, "");
    scenario.steps.forEach((step, n) => {
      const data = step.data ? ` (${markdownLine(step.data)})` : "";
      lines.push(`${n + 1}. ${markdownLine(step.action)}${data}`);
      if (step.expected) lines.push(`   - ${markdownLine(step.expected)}`);
    });
    lines.push("");
  });
  if (edgeCases.length) {
    lines.push("## Edge cases", "");
    for (const edge of edgeCases) lines.push(`- [ ] ${markdownLine(edge.description)} (${edge.criticality})`);
    lines.push("");
  }
  return lines.join("\n");
}

export function toGherkin(title, scenarios) {
  const lines = [`Feature: ${oneLine(title)}`, ""];
  for (const scenario of scenarios) {
    lines.push(`  Scenario: ${oneLine(scenario.scenario_name)}`);
    let before = null;
    for (const step of scenario.steps) {
      before = gherkinStep(lines, "When", step.action, before);
      if (step.data) lines.push('      """', ...step.data.split("\n").map((line) => `      ${line.replaceAll('"""', '\\"\\"\\"')}`), '      """');
      if (step.expected) before = gherkinStep(lines, "Then", step.expected, before);
    }
    lines.push("");
  }
  return lines.join("\n");
}

function gherkinStep(lines, word, text, before) {
  lines.push(`    ${word === before ? "And" : word} ${oneLine(text)}`);
  return word;
}

export async function copy(text, what) {
  try {
    await toClipboard(text);
    toast(`${what} copied.`);
  } catch {
    complain(new Error("The browser did not allow copying."));
  }
}

async function toClipboard(text) {
  // Browsers offer the clipboard to this machine's own address and to https only.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("not copied");
  return undefined;
}
