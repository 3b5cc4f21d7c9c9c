import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteStore } from "../../adapters/sqlite-store/sqlite-store.ts";
import { textFor } from "../../domain/exit.ts";
import { writeOutput } from "./output-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), "utf8");

it("writes a new file, and over one that is there only by force", () => {
  writeOutput(at("rca.md"), textFor("person", "a longer first text"));

  expect(() => writeOutput(at("rca.md"), textFor("person", "second"))).toThrow("was left as it is");
  expect(read("rca.md")).toBe("a longer first text");
  writeOutput(at("rca.md"), textFor("person", "second"), { force: true });
  expect(read("rca.md")).toBe("second");
});

it.each([false, true])("never writes through a link, force %s", (force) => {
  writeFileSync(at("target"), "kept");
  symlinkSync(at("target"), at("link"));
  symlinkSync(at("nowhere"), at("dangling"));

  for (const link of ["link", "dangling"])
    expect(() => writeOutput(at(link), textFor("person", "x"), { force })).toThrow();
  expect(read("target")).toBe("kept");
  expect(() => read("nowhere")).toThrow("ENOENT");
});

it("never writes over a store, and says what to do", () => {
  createSqliteStore(at("store.db")).close();
  const before = read("store.db");

  expect(() => writeOutput(at("store.db"), textFor("person", "x"), { force: true })).toThrow(
    /database.*left as it is/,
  );
  expect(read("store.db")).toBe(before);
});

it("names a path that cannot be written", () => {
  mkdirSync(at("folder"));

  expect(() => writeOutput(at("none/rca.md"), textFor("person", "x"))).toThrow(/cannot be written/);
  expect(() => writeOutput(at("folder"), textFor("person", "x"), { force: true })).toThrow(
    /cannot be written/,
  );
});
