import { expect, it } from "vitest";
import { CAUSES } from "../src/domain/cause.ts";
import { listFaults } from "./fault-files.ts";
import { faultListText, faultsByClass, unknownFaultText } from "./fault-list.ts";

const faults = listFaults();

/** `none`: no diagnosis at all is right as well, beside a cause. */
it.each(faults)("$name names causes of the closed list only", ({ causes: [first = "", ...others] }) => {
  expect(CAUSES).toHaveProperty(first);
  expect(others.filter((cause) => cause !== "none" && !Object.hasOwn(CAUSES, cause))).toEqual([]);
});

it("has a fault of every cause class", () => {
  const covered = new Set(faults.map(({ causes }) => causes[0]));

  expect(Object.keys(CAUSES).filter((cause) => !covered.has(cause))).toEqual([]);
  expect(faults.length).toBeGreaterThanOrEqual(36);
});

it("lists every fault once, under its first cause", () => {
  const text = faultListText(faults);
  const lines = text.split("\n");

  expect(faultsByClass(faults).flatMap(([, own]) => own)).toHaveLength(faults.length);
  for (const { name, title, causes } of faults) {
    const at = lines.findIndex((line) => line.startsWith(`  ${name} `) && line.endsWith(title));
    const heading = lines.slice(0, at).findLast((line) => line !== "" && !line.startsWith(" "));
    expect([name, heading]).toEqual([name, causes[0]]);
  }
});

it("names what is like an unknown name, and where all are", () => {
  const [hangs, leaks] = [
    { name: "hang-returns", title: "", causes: ["hung-task"] },
    { name: "oom", title: "", causes: ["memory-leak"] },
  ];
  const all = "opsagent drill --list names all of them.";

  expect(unknownFaultText("hangs", [hangs, leaks])).toBe(
    `there is no fault "hangs". Like it: hang-returns. ${all}`,
  );
  expect(unknownFaultText("memory", [hangs, leaks])).toBe(`there is no fault "memory". Like it: oom. ${all}`);
  expect(unknownFaultText("zzz", [hangs, leaks])).toBe(`there is no fault "zzz". ${all}`);
});
