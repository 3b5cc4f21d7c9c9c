import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, expect, it, vi } from "vitest";
import { createView } from "./view.ts";

const TEXT = "decide: act restart, earned confidence 0.93, which the policy lets through";

afterEach(() => vi.unstubAllEnvs());

function written(live: boolean, show: (view: ReturnType<typeof createView>) => void): string {
  vi.stubEnv("CI", undefined);
  vi.stubEnv("TERM", "xterm");
  const out = Object.assign(new PassThrough({ encoding: "utf8" }), { columns: 40 });
  show(createView(out as unknown as NodeJS.WriteStream, live));
  return stripVTControlCharacters(String(out.read()));
}

it("breaks lines between words on a terminal, under the place where the text begins", () => {
  const lines = written(true, (view) => view.line("agent", TEXT))
    .trimEnd()
    .split("\n");

  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {18}\S.{0,21}$/);
  expect(lines.map((line) => line.slice(18)).join(" ")).toBe(TEXT);
});

it("leaves lines whole where nobody looks at a terminal", () => {
  expect(written(false, (view) => view.line("agent", TEXT)).trimEnd()).toMatch(new RegExp(`${TEXT}$`));
  expect(written(false, (view) => view.block(TEXT))).toBe(`${TEXT}\n`);
});
