// The streak calendar: a square for each day, week by week, and a way to fill a missed day.

import { html, useEffect, useRef, useState } from "../vendor/preact-htm.js";
import { post } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { civil, longDay, minutes, plural } from "../lib/format.js";
import { Bone, Card, Dialog, Problem, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

/** Weeks that fit, by the width of the box: a square is 13 px wide and 3 px from the next. */
const SQUARE = 16;

export function StreakCalendar({ days, error }) {
  const box = useRef();
  const [weeks, setWeeks] = useState(20);
  const [repairing, setRepairing] = useState(false);
  useEffect(() => {
    const measure = new ResizeObserver(([entry]) => setWeeks(Math.max(8, Math.min(53, Math.floor((entry.contentRect.width - 30 + 3) / SQUARE)))));
    measure.observe(box.current);
    return () => measure.disconnect();
  }, []);
  const tools = html`<button type="button" class="button small quiet" onClick=${() => setRepairing(true)}>Fill a missed day</button>`;
  return html`<${Card} title="Streak" tools=${tools}>
    <div ref=${box} class="calendar-box">
      ${error && !days ? html`<${Problem} error=${error} />` : days ? html`<${Squares} days=${days} weeks=${weeks} />` : html`<${Bone} h=${126} />`}
    </div>
    ${repairing && html`<${Repair} onClose=${() => setRepairing(false)} />`}
  <//>`;
}

function Squares({ days, weeks }) {
  const most = Math.max(60, ...days.map((day) => day.minutes));
  const last = weekday(days.at(-1).day);
  const shown = days.slice(-(weeks * 7 - (6 - last)));
  const offset = weekday(shown[0].day);
  const active = shown.filter((day) => day.sessions).length;
  const label = `${plural(active, "day")} with a session in the last ${weeks} weeks`;
  const months = [];
  shown.forEach((day, i) => {
    const name = civil(day.day).toLocaleDateString("en-GB", { month: "short" });
    const column = Math.floor((i + offset) / 7);
    if (day.day.endsWith("-01") && column < weeks - 1) months.push([name, column]);
  });
  return html`<div class="calendar" role="img" aria-label=${label}>
      <div class="calendar-months">${months.map(([name, column]) => html`<span key=${column} style=${{ gridColumnStart: column + 1 }}>${name}</span>`)}</div>
      <div class="calendar-days"><span>Mon</span><span>Wed</span><span>Fri</span></div>
      <div class="calendar-squares">
        ${shown.map(
          (day, i) => html`<i
            key=${day.day}
            class=${`heat-${level(day, most)}`}
            style=${i === 0 ? { gridRowStart: offset + 1 } : undefined}
            title=${`${longDay(day.day)}: ${day.sessions ? `${plural(day.sessions, "session")}, ${minutes(day.minutes)}` : "no session"}`}
          ></i>`,
        )}
      </div>
    </div>
    <p class="calendar-foot small muted"><span>${label}</span><span class="calendar-scale" aria-hidden="true">less ${[0, 1, 2, 3, 4].map((n) => html`<i key=${n} class=${`heat-${n}`}></i>`)} more</span></p>`;
}

/** 0 is Monday. */
const weekday = (day) => (civil(day).getDay() + 6) % 7;

function level(day, most) {
  if (!day.sessions) return 0;
  return Math.max(1, Math.min(4, Math.ceil((4 * day.minutes) / most)));
}

function Repair({ onClose }) {
  const { data } = useData("/user/profile");
  const [day, setDay] = useState("");
  const [busy, run] = useBusy();
  const save = (event) => {
    event.preventDefault();
    run(async () => {
      try {
        await post("/streak/repair", { day });
        toast(`${longDay(day)} counts for your streak now.`);
        await changed("/personal/", "/user/profile", "/achievements");
        onClose();
      } catch (error) {
        complain(error);
      }
    });
  };
  return html`<${Dialog} title="Fill a missed day" onClose=${onClose}>
    <form class="form" onSubmit=${save}>
      <p class="muted">Illness, a holiday, a day elsewhere: a filled day keeps your streak whole. It does not lengthen it, and it can be filled once.</p>
      <label class="field"><span>The day</span><input type="date" required value=${day} onInput=${(event) => setDay(event.target.value)} /></label>
      ${data?.longest_streak > 0 && html`<p class="small muted">Your longest streak so far: ${plural(data.longest_streak, "day")}.</p>`}
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>Leave it</button>
        <button type="submit" class="button primary" disabled=${busy || !day}>Fill it</button>
      </div>
    </form>
  <//>`;
}
