import { afterEach, expect, it, vi } from "vitest";
import { runCli } from "../program.ts";

afterEach(() => vi.unstubAllEnvs());

it.each([
  ["an unknown fault", ["--live", "--faults", "no-such-fault"]],
  ["an unknown class", ["--classes", "no-such-class"]],
  ["live and recorded at once", ["--live", "--recorded"]],
  ["half an hour of repeats", ["--repeat", "half"]],
  ["one report to compare", ["--compare", "a.json"]],
  ["a report that is not there", ["--compare", "/nowhere/a.json", "/nowhere/b.json"]],
  ["a localisation of a file that is not there", ["--localise", "/nowhere/a.json"]],
  ["a localisation and live at once", ["--localise", "a.json", "--live"]],
  ["generated and live at once", ["--live", "--generated", "3"]],
  ["classes of generated incidents", ["--generated", "3", "--classes", "oom-kill"]],
  ["a model without a key", ["--model", "some/model"]],
  ["another agent on recorded evidence", ["--agent", "true"]],
])("refuses %s", async (_name, argv) => {
  vi.stubEnv("OPENROUTER_API_KEY", "");

  const code = await runCli(["eval", ...argv]);

  expect(code).toBe(2);
});
