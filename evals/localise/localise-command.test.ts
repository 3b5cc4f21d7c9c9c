import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runCli } from "../../src/interfaces/cli/program.ts";
import { madeInput } from "../../test/samples/localisation/made-graph.ts";

let folder = "";
let out = "";
let err = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "localise-"));
  [out, err] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function written(value: unknown): string {
  const file = join(folder, "input.json");
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const input = madeInput(["web cart", "mail queue"], {
  "cart errors": [35, 10],
  "web latency": [38, 3],
  "queue saturation": [31, 2],
});

it("prints the verdict, the ranking with reasons, and what stands apart", async () => {
  const code = await runCli(["eval", "--localise", written(input)]);

  expect(code).toBe(0);
  expect(out).toMatch(/^Verdict {2}service: cart\. /);
  expect(out).toMatch(/ {2}1 {2}cart: culprit since 2026-11-30T09:35:00.000Z/);
  expect(out).toMatch(/ {2}2 {2}web: affected/);
  expect(out).toMatch(/Apart, not connected with the alarm:\n\n {2}- {2}queue: apart/);
});

it("prints the result as data", async () => {
  await runCli(["eval", "--localise", written(input), "--json", "-"]);

  expect(JSON.parse(out)).toMatchObject({
    verdict: { kind: "service", services: ["cart"] },
    ranked: [
      { rank: 1, service: "cart", role: "culprit" },
      { rank: 2, service: "web", role: "affected" },
    ],
    apart: [{ service: "queue" }],
  });
});

it("names the path of a bad field", async () => {
  const code = await runCli(["eval", "--localise", written({ ...input, alarm: { service: "x" } })]);

  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toContain("  alarm.at: ");
});
