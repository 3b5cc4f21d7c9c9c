import { expect, it } from "vitest";
import { CAUSES } from "../src/domain/cause.ts";
import { listFaults } from "./fault-files.ts";
import { faultListText, faultsByClass, unknownFaultText } from "./fault-list.ts";

const faults = listFaults();

it.each(faults)("$name names causes of the closed list only", ({ causes }) => {
  expect(causes.filter((cause) => !Object.hasOwn(CAUSES, cause))).toEqual([]);
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
  expect(unknownFaultText("hung", faults)).toContain("unhealthy-task");
  expect(unknownFaultText("zzz", faults)).toBe(
    'there is no fault "zzz". opsagent drill --list names all of them.',
  );
});
