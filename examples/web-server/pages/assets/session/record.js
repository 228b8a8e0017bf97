// A session as text: a comment for its ticket, in Jira's wiki markup or in Markdown.

import { fullDate, minutes, plural } from "../lib/format.js";

const OUTCOMES = { passed: "Passed", failed: "Defect found", blocked: "Blocked", cancelled: "Given up" };

const oneLine = (text) => String(text ?? "").replace(/\s+/g, " ").trim();
const FORMS = {
  wiki: {
    text: (text) => oneLine(text).replace(/([\\*_{}[\]|!])/g, "\\$1"),
    bold: (text) => `*${text}*`,
    head: (text) => `h4. ${text}`,
    item: (text) => `* ${text}`,
    step: (text) => `# ${text}`,
  },
  markdown: {
    text: (text) => oneLine(text).replace(/([\\`*_{}[\]<>#|])/g, "\\$1"),
    bold: (text) => `**${text}**`,
    head: (text) => `#### ${text}`,
    item: (text) => `- ${text}`,
    step: (text, number) => `${number}. ${text}`,
  },
};

export const outcomeOf = (session) => OUTCOMES[session.outcome ?? session.status] ?? session.status;

/** The plan's scenarios, each with its steps and whether they were done: `{name, steps: [{action, expected, data, done}]}`. */
export function scenariosOf(session, wordsOf) {
  let first = 1;
  return session.plan.map((scenario) => {
    const from = first;
    first += scenario.steps;
    const words = scenario.test_steps ?? wordsOf?.(scenario) ?? [];
    const steps = Array.from({ length: scenario.steps }, (_, i) => ({ ...(words[i] ?? { action: `Step ${i + 1}` }), done: session.steps_done.includes(from + i) }));
    return { name: scenario.name, steps };
  });
}

/** `form` is `wiki` or `markdown`. */
export function toComment(session, scenarios, form) {
  const { text, bold, head, item, step } = FORMS[form];
  const done = session.steps_done.length;
  const steps = scenarios.reduce((sum, scenario) => sum + scenario.steps.length, 0);
  const facts = [`${minutes(Math.round(session.work_seconds / 60))} of work`, session.breaks && plural(session.breaks, "break"), steps ? `${done} of ${plural(steps, "step")} done` : done && plural(done, "step")].filter(Boolean);
  const lines = [`${bold(`Tested: ${outcomeOf(session)}`)}, ${fullDate(session.ended_at ?? session.started_at)} (${facts.join(", ")})`, ""];
  for (const scenario of scenarios) {
    lines.push(head(text(scenario.name)), "");
    scenario.steps.forEach((one, i) => {
      const expected = one.expected ? `, expected: ${text(one.expected)}` : "";
      lines.push(step(`${one.done ? "(done)" : "(not done)"} ${text(one.action)}${expected}`, i + 1));
    });
    lines.push("");
  }
  if (session.notes.length) lines.push(head("Notes"), "", ...session.notes.map((note) => item(text(note))), "");
  return lines.join("\n");
}
