import { describe, expect, it } from "vitest";
import { EvalReport } from "./eval-report.ts";
import { evalHtml } from "./html.ts";
import { aReport, aRun } from "./sample-runs.ts";
import { terminalReport } from "./terminal.ts";

const wrong = aRun({
  case: "limit",
  title: "A <script>alert(1)</script> release halves the memory",
  class: "memory-limit-too-low",
  right: false,
  causeRight: false,
  reasons: ["cause oom-kill, expected memory-limit-too-low", "stopped 1 healthy tasks: <b>arn:1</b>"],
  ungated: ["StopTask at 2026-11-24T04:20:00Z"],
});
const report = aReport(
  [aRun({ ungated: [], seconds: { toAction: 0.8, total: 50 } }), wrong],
  [
    {
      case: "full",
      group: "live",
      run: 1,
      kind: "alarm-never-fired",
      message: "No alarm came.",
      attempts: 2,
    },
  ],
);

describe("a report", () => {
  it("fits its published schema, also after it was written and read", () => {
    expect(EvalReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it.each(["held-out", "checking"])("has of the group %s nothing but counts", (group) => {
    const held = aReport([aRun({ case: "secret-name", title: "secret title", group, right: false })]);

    const told = [JSON.stringify(held), terminalReport(held), evalHtml(held)].join();

    expect(held.scores.find((score) => score.class === "all")?.right).toMatchObject({ hits: 0, of: 1 });
    expect(told).not.toContain("secret");
  });
});

describe("in the terminal", () => {
  it("fits 100 columns and tells wrong answers and failed set-ups apart", () => {
    const text = terminalReport(report);

    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).toContain("Wrong (1):\n  limit: cause oom-kill, expected memory-limit-too-low");
    expect(text).toContain("Not judged, because the set-up failed (1):\n  full: alarm-never-fired");
    expect(text).toMatch(/all right +1\/2 {2}50 % \(9 to 91 %\)/);
  });
});

describe("of what should not matter", () => {
  const count = { variation: "renamed", judged: 12, opposite: 1, bolder: 2, harm: 3 };
  const varied = { ...report, variations: [count, { ...count, variation: "all" }] };

  it("tells the counts of each variation, in the terminal and on the page", () => {
    expect(terminalReport(varied)).toMatch(/renamed +12 +1 +2 +3\n/);
    expect(evalHtml(varied)).toContain("What should not matter");
  });

  it("says nothing where none was judged", () => {
    expect(terminalReport(report)).not.toContain("should not matter");
    expect(evalHtml(report)).not.toContain("should not matter");
  });
});

describe("as a page", () => {
  const html = evalHtml(report);

  it("loads nothing and runs nothing", () => {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|https?:\/\/|url\(|@import| on\w+=/i);
  });

  it("shows what agents and cases say as text", () => {
    expect(html).toContain("&lt;b&gt;arn:1&lt;/b&gt;");
    expect(html).not.toContain("<b>");
    expect(html).toContain("A &lt;script&gt;alert(1)&lt;/script&gt; release");
  });

  it("has a name for every table, row, column and picture", () => {
    const tables = html.match(/<table>/g) ?? [];

    expect(tables.length).toBeGreaterThan(0);
    expect(html.match(/<caption>/g)).toHaveLength(tables.length);
    expect(html).not.toMatch(/<th>/);
    expect(html.match(/<svg /g)).toHaveLength(
      (html.match(/<svg [^>]*role="img" aria-label="[^"]+"/g) ?? []).length,
    );
  });

  it("says of a wrong run why, and lists it before the right ones", () => {
    expect(html.indexOf("expected memory-limit-too-low")).toBeLessThan(html.indexOf("Right (1)"));
    expect(html).toContain("Not judged: the set-up failed (1)");
  });
});
