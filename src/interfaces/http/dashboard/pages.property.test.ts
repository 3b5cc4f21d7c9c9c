import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileQuestion } from "../../../../test/samples/approvals.ts";
import { hostileIncident, hostileText } from "../../../../test/samples/arbitrary-incident.ts";
import type { Approval } from "../../../domain/approval.ts";
import { sealed } from "../../../domain/incident/audit.ts";
import { summaryOf } from "../../../domain/incident/incident-summary.ts";
import { foldLine } from "../../../notification/text/fold-line.ts";
import { html } from "./html.ts";
import { incidentPage } from "./incident-page.ts";
import { incidentsPage } from "./incidents-page.ts";
import { page } from "./layout.ts";

/** Documents of some hundred thousand characters each. */
const RUNS = { numRuns: 25 };
const NOW = new Date(0);

const TAGS =
  /^<\/?(?:!doctype|html|head|meta|title|link|script|body|main|nav|section|footer|h[123]|p|span|dl|dt|dd|div|ul|li|table|caption|thead|tbody|tr|th|td|pre|code|a|time|form|strong|ol|label|select|option|input|datalist|button|dialog|details|summary|figure|figcaption|svg|line|text|polyline|rect|circle)(?=[ >/])/;

/** In a tag without its quoted values: a quote that escaped, or an attribute that runs something. */
const ACTIVE = /["']|\s(?:on\w+|srcset|formaction|style)=/;

const frame = (title: string) => ({
  title,
  identity: { name: undefined },
  live: { incident: title },
  now: NOW,
});

function foreignTags(document: string): string[] {
  const tags = document.match(/<[^>]*>?/g) ?? [];
  return tags.filter((tag) => !TAGS.test(tag) || ACTIVE.test(tag.replace(/="[^"]*"/g, "=")));
}

function decoded(text: string | undefined): string | undefined {
  const named = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" } as const;
  return text?.replace(/&(?:lt|gt|quot|amp|#39);/g, (entity) => named[entity as keyof typeof named]);
}

it("writes a value as one line of text, in an element, in an attribute and in a list", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const written = String(html`<p title="${text}">${text}|${[text, [text]]}</p>`);

      const [, title, rest] = /^<p title="([^<>"']*)">([^<>"']*)<\/p>$/.exec(written) ?? [];
      const line = foldLine(text);
      expect(decoded(title)).toBe(line);
      expect(decoded(rest)).toBe(`${line}|${line}${line}`);
    }),
  );
});

it("takes no record of a store for HTML", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("isEscaped", "callbacks", "value"), fc.jsonValue()),
      (record) => {
        const stored = { isEscaped: true, ...record, text: "<script>" } as unknown as string;

        const written = html`<p>${stored}</p>`;

        expect(written).toBeInstanceOf(String);
        expect(String(written)).toBe("<p></p>");
      },
    ),
  );
});

it("writes only its own elements in the page of an incident that waits", () => {
  const given = fc.tuple(hostileIncident, hostileQuestion, hostileText, fc.boolean());
  fc.assert(
    fc.property(given, ([incident, { answer: _, ...question }, text, allowed]) => {
      const approval = { ...question, deadline: "2030-01-01T00:00:00.000Z" };
      const trail = [sealed({ incidentId: text, key: text, event: text, detail: text, at: text }, undefined)];
      const answered: Approval = {
        ...question,
        id: "answered",
        answer: { verdict: "approved", at: NOW.toISOString(), by: { channel: "http", id: text }, note: text },
      };
      const progress = { phase: "acting", detail: text, since: NOW.toISOString() } as const;
      const envelope = { incidentId: text, at: NOW.toISOString() };
      const opened = { kind: "opened", alert: incident.alert, diagnoser: "rules", key: "a" } as const;
      const unknown = { kind: "unknown", was: text, key: text } as const;
      const view = {
        incident: { ...incident, progress },
        approvals: [approval, answered],
        trail,
        earlier: [summaryOf({ ...incident, progress })],
        events: [
          { ...envelope, ...opened },
          { ...envelope, ...unknown },
        ],
      };

      const body = incidentPage(view, { id: text, allowed, canSignIn: true }, NOW);
      const document = String(page(frame(text), body));

      expect(document).toContain('id="question"');
      expect(foreignTags(document)).toEqual([]);
      expect(document).not.toContain("[object ");
    }),
    RUNS,
  );
});

it("writes only its own elements in the list of incidents", () => {
  fc.assert(
    fc.property(hostileIncident, hostileQuestion, hostileText, (incident, waiting, text) => {
      const body = incidentsPage({
        query: { status: text, service: text, after: text },
        summaries: [
          summaryOf({ ...incident, progress: { phase: "proving", detail: text, since: NOW.toISOString() } }),
        ],
        next: text,
        waiting: [waiting],
        services: [text, text],
      });
      const document = String(page(frame(text), body));

      expect(document.match(/<tr>/g)).toHaveLength(2);
      expect(foreignTags(document)).toEqual([]);
    }),
    RUNS,
  );
});
