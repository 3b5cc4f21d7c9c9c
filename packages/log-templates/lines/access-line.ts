import type { Entry } from "./log-entry.ts";

const METHOD = "(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE)";
const ONLY_METHOD = new RegExp(`^${METHOD}$`);
/** Apache and nginx, common and combined; uvicorn and gunicorn (https://httpd.apache.org/docs/current/logs.html). */
const QUOTED = new RegExp(
  `"${METHOD} [^"\\s]{0,4096}(?: HTTP/\\d(?:\\.\\d)?)?"[ :]{1,2}(?:status: )?(\\d{3})(?![\\w.])`,
);
/** morgan `dev`, gin and the like: method, path and status, with only times and addresses before them. */
const BARE = new RegExp(
  `^(?:\\[[^\\]]{1,40}\\]|[\\d./:T\\-+Z\\s|,]){0,60}${METHOD} (\\/[^\\s"]{0,2048}) (?:HTTP/[\\d.]+ )?(\\d{3})(?![\\w.])`,
);

/**
 * Reads an access log's line. Everything but method and status was written by the client, so nothing else is kept. A
 * 4xx is the client's error, not the service's.
 */
export function readAccess(text: string): Entry | undefined {
  if (!text.includes(" /") && !text.includes("HTTP/")) return undefined;
  const quoted = QUOTED.exec(text);
  const [method, status] = quoted === null ? bare(text) : [quoted[1], quoted[2]];
  return method === undefined || status === undefined ? undefined : accessEntry(method, status);
}

/** Returns the entry of a request, or undefined for what is no method of HTTP. */
export function accessEntry(method: string, status: string): Entry | undefined {
  if (!ONLY_METHOD.test(method)) return undefined;
  return {
    text: `${method} <path> status ${status}`,
    level: status.startsWith("5") ? "error" : "info",
    structured: true,
    access: true,
  };
}

function bare(text: string): [string | undefined, string | undefined] {
  const match = BARE.exec(text);
  return match === null ? [undefined, undefined] : [match[1], match[3]];
}
