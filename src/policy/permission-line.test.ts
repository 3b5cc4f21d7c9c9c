import { expect, it } from "vitest";
import { type Mode, Policy } from "../domain/policy.ts";
import { mayChangeAnything, permissionLine } from "./permission-line.ts";

const settings = (keys: unknown, mode: Mode = "auto", policyFile: string | undefined = "policy.yaml") => ({
  policy: Policy.parse(keys),
  mode,
  policyFile,
});
const AUTO = { restart: "auto", scale: "auto", rollback: "auto" };

it.each([
  [
    "no policy file",
    {},
    "auto",
    undefined,
    "no policy file is set. To allow more, write one with `opsagent init`",
  ],
  ["a file without modes", {}, "auto", "policy.yaml", "policy.yaml allows no action on any service"],
  [
    "a ceiling",
    { modes: AUTO },
    "observe",
    "policy.yaml",
    "OPSAGENT_MODE is observe. To allow what policy.yaml says",
  ],
  [
    "the kill switch",
    { modes: AUTO, killSwitch: true },
    "auto",
    "policy.yaml",
    "set killSwitch to false in policy.yaml",
  ],
  [
    "a protected service alone",
    { services: { shop: { protected: true, modes: AUTO } } },
    "auto",
    "policy.yaml",
    "policy.yaml allows no action on any service",
  ],
] as const)(
  "nothing is changed with %s, and the line says why and what to do",
  (_, keys, mode, file, words) => {
    const given = { policy: Policy.parse(keys), mode, policyFile: file };

    const line = permissionLine(given);

    expect(mayChangeAnything(given)).toBe(false);
    expect(line).toMatch(/^OpsAgent changes nothing, it investigates and reports: /);
    expect(line).toContain(words);
    expect(line).not.toContain("\n");
  },
);

it.each([
  [
    { modes: { restart: "auto", scale: "auto", rollback: "approve" } },
    "auto",
    "OpsAgent may restart tasks and add tasks by itself and may roll back once a person has approved (policy.yaml).",
  ],
  [{ modes: AUTO }, "approve", "may restart tasks, add tasks and roll back once a person has approved"],
  [{ modes: { restart: "auto" } }, "auto", "OpsAgent may restart tasks by itself (policy.yaml)."],
  [
    { services: { shop: { modes: { restart: "auto" } }, cart: {} } },
    "auto",
    "changes nothing on services that the file gives no modes of their own (policy.yaml). Other modes hold for shop.",
  ],
  [
    { modes: AUTO, services: { pay: { protected: true }, cart: { modes: { scale: "auto" } } } },
    "auto",
    "Other modes hold for pay.",
  ],
] as const)("what may be changed is said: %j under %s", (keys, mode, words) => {
  const line = permissionLine(settings(keys, mode));

  expect(mayChangeAnything(settings(keys, mode))).toBe(true);
  expect(line).toContain(words);
  expect(line).not.toContain("\n");
});
