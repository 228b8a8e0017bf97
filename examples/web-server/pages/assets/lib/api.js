// Talking to the server: its envelope, its errors, its streams of events.

import { answered, lost } from "./connection.js";

const BASE = "/api/atlas";

/** What the server, or nobody, had to say against a request. */
export class ApiError extends Error {
  constructor(status, { code, message, details } = {}) {
    super(message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = code ?? "UNKNOWN";
    this.details = details ?? {};
  }
}

export const get = (path, options) => request("GET", path, undefined, options);
export const post = (path, body, options) => request("POST", path, body ?? {}, options);
export const put = (path, body, options) => request("PUT", path, body, options);
export const remove = (path, options) => request("DELETE", path, undefined, options);

/** `?a=1&b=2` of what is set. */
export function query(values) {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  return set.length ? `?${new URLSearchParams(set)}` : "";
}

async function request(method, path, body, { signal } = {}) {
  const response = await send(path, { method, signal, ...json(body) });
  if (response.status === 204) return null;
  const answer = await readJson(response);
  if (!response.ok) throw new ApiError(response.status, answer.error);
  return answer.data;
}

/**
 * A request that answers with server-sent events. `onProgress` gets each `progress`; the data of
 * `done` is the result, that of `error` is thrown.
 */
export async function stream(method, path, { body, onProgress, signal } = {}) {
  const init = { method, signal, ...(body instanceof FormData ? { body } : json(body)) };
  init.headers = { ...init.headers, accept: "text/event-stream" };
  const response = await send(path, init);
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    const answer = await readJson(response);
    if (!response.ok) throw new ApiError(response.status, answer.error);
    return answer.data;
  }
  for await (const event of events(response.body)) {
    if (event.name === "progress") onProgress?.(event.data);
    if (event.name === "done") return event.data?.meta ? event.data.data : event.data;
    if (event.name === "error") throw new ApiError(500, event.data?.error ?? event.data);
  }
  throw new ApiError(0, { code: "CUT_OFF", message: "The server stopped in the middle of its answer. Please try again." });
}

async function send(path, init) {
  let response;
  try {
    response = await (early(path, init) ?? fetch(path === "/health" ? path : BASE + path, init));
  } catch (error) {
    if (error.name === "AbortError") throw error;
    lost();
    throw new ApiError(0, { code: "SERVER_AWAY", message: "ATLAS is not answering. It may have been stopped; nothing that you typed is lost." });
  }
  answered();
  return response;
}

/** An answer that ../early.js has asked for already, once. */
function early(path, { method }) {
  const answer = method === "GET" ? globalThis.atlasEarly?.get(path) : undefined;
  globalThis.atlasEarly?.delete(path);
  return answer;
}

function json(body) {
  return body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new ApiError(response.status, { message: `The server answered ${response.status} with something that is not JSON.` });
  }
}

/** The events of a body, as `{name, data}`. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value.replaceAll("\r\n", "\n")).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}
