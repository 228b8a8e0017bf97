// The search in the bar: a key opens its ticket, words find tickets, any text can be predicted for.

import { html, useEffect, useRef, useState } from "../vendor/preact-htm.js";
import { get, query } from "../lib/api.js";
import { useKeys } from "../lib/keys.js";
import { go, ticketPath } from "../lib/router.js";
import { Icon } from "./icon.js";

const KEY = /^[A-Za-z][A-Za-z0-9_]*-\d+$/;
const WAIT = 140;

export function Search() {
  const input = useRef();
  const [text, setText] = useState("");
  const [found, setFound] = useState([]);
  const [place, setPlace] = useState(0);
  const [open, setOpen] = useState(false);
  useKeys("Everywhere", [["/", "Search", () => input.current.focus()]]);

  useEffect(() => {
    const words = text.trim();
    if (words.length < 2) return setFound([]);
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { items } = await get(`/tickets${query({ q: words, limit: 6 })}`, { signal: stop.signal });
        setFound(items);
        setPlace(0);
      } catch {
        setFound([]);
      }
    }, WAIT);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);

  const words = text.trim();
  const key = KEY.test(words) ? words.toUpperCase() : null;
  const options = [];
  if (key && !found.some((ticket) => keyOf(ticket) === key)) options.push({ id: "key", path: ticketPath(key), key, text: "Open this ticket" });
  for (const ticket of found) options.push({ id: keyOf(ticket), path: ticketPath(keyOf(ticket)), key: keyOf(ticket), text: ticket.summary });
  if (words.length > 2 && !key) options.push({ id: "text", path: `/tickets/new${query({ text: words })}`, text: `What to test for “${words}”` });

  const choose = (option) => {
    setOpen(false);
    setText("");
    input.current.blur();
    go(option.path);
  };
  const onKeyDown = (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && options.length) {
      event.preventDefault();
      setPlace((place + move + options.length) % options.length);
    } else if (event.key === "Enter" && options[place]) {
      event.preventDefault();
      choose(options[place]);
    } else if (event.key === "Escape") {
      setOpen(false);
      input.current.blur();
    }
  };
  const shown = open && options.length > 0;
  return html`<div class="search" role="search">
    <${Icon} name="search" />
    <input
      ref=${input}
      type="text"
      role="combobox"
      aria-label="Search tickets, or say what was changed"
      aria-expanded=${shown}
      aria-controls="found"
      aria-autocomplete="list"
      aria-activedescendant=${shown ? `found-${place}` : undefined}
      placeholder="Search tickets, or say what was changed"
      autocomplete="off"
      spellcheck="false"
      value=${text}
      onInput=${(event) => {
        setText(event.target.value);
        setOpen(true);
      }}
      onFocus=${() => setOpen(true)}
      onBlur=${() => setOpen(false)}
      onKeyDown=${onKeyDown}
    />
    <kbd aria-hidden="true">/</kbd>
    ${shown &&
    html`<ul class="found" id="found" role="listbox" aria-label="Found">
      ${options.map(
        (option, i) => html`<li
          key=${option.id}
          id=${`found-${i}`}
          role="option"
          aria-selected=${i === place}
          onMouseEnter=${() => setPlace(i)}
          onMouseDown=${(event) => {
            event.preventDefault();
            choose(option);
          }}
        >
          ${option.key ? html`<span class="key">${option.key}</span>` : html`<${Icon} name="bolt" />`}
          <span class="clip muted">${option.text}</span>
        </li>`,
      )}
    </ul>`}
  </div>`;
}

const keyOf = (ticket) => ticket.key ?? ticket.ticket_key;
