import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileIncident, hostileText } from "../../../test/samples/arbitrary-incident.ts";
import { fenced, markdownValue } from "../../notification/text/markdown-text.ts";
import { renderRcaHtml } from "./rca-html.ts";
import { renderRca } from "./rca-markdown.ts";

/** Documents of some hundred thousand characters each. */
const RUNS = { numRuns: 25 };

/** An HTML tag, a fence, a quote, a deeper heading, a link or code: none of them is ever written. */
const FORGED = /<|^\s*(?:`{3}|~{3}|>)|^#{3,} |(?<!\\)\[|(?<!\\)`/;

it("gives every line of the Markdown its own form: no value makes a heading, a row or a fence", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      const lines = renderRca(incident).trimEnd().split("\n");
      const fence = lines.at(-1)?.match(/^`{3,}$/)?.[0];
      const open = fence === undefined ? lines.length : lines.indexOf(`${fence}text`);
      const prose = lines.slice(0, open);

      expect(open).toBeGreaterThan(0);
      if (fence !== undefined) expect(lines.slice(open + 1, -1).join("\n")).not.toContain(fence);
      expect(prose.filter((line) => FORGED.test(line))).toEqual([]);
      expect(prose.filter((line) => line.startsWith("|") && !line.endsWith(" |"))).toEqual([]);
      expect(prose.filter((line) => line.startsWith("# "))).toHaveLength(1);
    }),
    RUNS,
  );
});

it("states one status, and resolved only where it was proven", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      const stated = renderRca(incident)
        .split("\n")
        .filter((line) => line.startsWith("- **Status:** "));
      const pills = [...renderRcaHtml(incident).matchAll(/<span class="status (\w+)">([^<]*)</g)];

      const last = incident.actions.findLast((action) => action.outcome !== "nothing-changed");
      const isProven =
        incident.status === "resolved" &&
        incident.verification?.outcome === "recovered" &&
        (last?.verification ?? incident.verification).outcome === "recovered";
      expect(stated).toHaveLength(1);
      expect(pills).toHaveLength(1);
      expect(stated[0]?.includes("Resolved")).toBe(isProven);
      expect(pills[0]?.[1] === "resolved").toBe(isProven);
      expect(pills[0]?.[2]?.includes("Resolved")).toBe(isProven);
    }),
    RUNS,
  );
});

it("keeps a table's columns", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const unescaped = markdownValue(text, "").match(/(?<!\\)(?:\\\\)*\|/g);

      expect(unescaped).toBeNull();
    }),
  );
});

it("closes a fence only where it ends", () => {
  fc.assert(
    fc.property(fc.array(hostileText, { maxLength: 5 }), (texts) => {
      const lines = fenced(texts).split("\n");

      expect(lines).toHaveLength(texts.length + 2);
      for (const line of lines.slice(1, -1)) expect(line).not.toContain(lines.at(-1));
    }),
  );
});

const TAGS =
  /^<\/?(?:!doctype|html|head|meta|title|style|body|header|main|nav|section|footer|h[123]|p|span|dl|dt|dd|div|ul|li|table|thead|tbody|tr|th|td|pre|a|figure|figcaption|svg|line|text|polyline|rect|circle)(?=[ >/])/;

/** In a tag without its quoted values: a quote that escaped, or an attribute that runs or loads something. */
const ACTIVE = /["']|\s(?:on\w+|src|srcset|action|formaction|style)=/;

it("writes only its own HTML elements, no script and nothing from elsewhere", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      const html = renderRcaHtml(incident).replace(/<style>.*?<\/style>/s, "");

      const tags = html.match(/<[^>]*>?/g) ?? [];
      expect(tags.filter((tag) => !TAGS.test(tag) || ACTIVE.test(tag.replace(/="[^"]*"/g, "=")))).toEqual([]);
      expect(html).not.toMatch(/ href="(?!#(?:(?:second-)?E\d+|[a-z-]+)")/);
      expect(html).not.toMatch(/NaN|undefined/);
      expect(html.isWellFormed()).toBe(true);
    }),
    RUNS,
  );
});
