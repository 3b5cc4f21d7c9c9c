/** The frame of every page. */
import type { Identity } from "./auth.ts";
import { BRAKE_DIALOG, type BrakeFrame, brakePart } from "./brake-part.ts";
import { type Html, html } from "./html.ts";
import { urlPart } from "./text.ts";

export interface PageFrame {
  readonly title: string;
  /** The path of the page's entry in the navigation. */
  readonly here?: string;
  readonly identity: Identity | undefined;
  /** What is watched for changes: everything, one incident, or nothing. */
  readonly live?: { readonly incident?: string } | undefined;
  /** The server's clock, by which the page counts how long a phase lasts. */
  readonly now: Date;
  /** The brake, for whoever may read. */
  readonly brake?: BrakeFrame | undefined;
}

const PAGES = [
  ["/", "Incidents"],
  ["/services", "Services"],
  ["/scorecard", "Scorecard"],
  ["/cost", "Cost"],
] as const;

/** Parts marked `data-live` are replaced when something changes; they need an id. */
export function page({ title, here, identity, live, now, brake }: PageFrame, body: Html): Html {
  const stream =
    live === undefined
      ? ""
      : `/api/live${live.incident === undefined ? "" : `?incident=${urlPart(live.incident)}`}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · OpsAgent</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/client.js" defer></script>
</head>
<body${stream === "" ? "" : html` data-stream="${stream}" data-now="${now.toISOString()}"`}>
<a class="skip" href="#main">Skip to content</a>
<div class="bar"><div class="bar-in">
<a class="brand" href="/"><span aria-hidden="true">◉</span> OpsAgent</a>
${identity === undefined ? "" : navigation(here)}
<div class="who">${stream === "" ? "" : html`<span class="pulse" id="stream-state">Connecting</span>`}${signedIn(identity)}</div>
</div></div>
<main id="main" tabindex="-1">
${brake === undefined ? "" : brakePart(brake)}
${body}
</main>
${brake?.allowed ? BRAKE_DIALOG : ""}
<p class="announce" id="announce" role="status"></p>
<footer>All times are UTC.</footer>
</body>
</html>
`;
}

function navigation(here: string | undefined): Html {
  return html`<nav aria-label="Main">${PAGES.map(
    ([path, name]) => html`<a href="${path}"${path === here ? html` aria-current="page"` : ""}>${name}</a>`,
  )}</nav>`;
}

function signedIn(identity: Identity | undefined): Html {
  if (identity?.name === undefined) return html``;
  return html`<form method="post" action="/sign-out"><button class="quiet">Sign out ${identity.name}</button></form>`;
}
