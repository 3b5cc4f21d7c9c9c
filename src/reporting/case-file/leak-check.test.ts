import { expect, it } from "vitest";
import { leakedNames } from "./leak-check.ts";

const NAMES = new Set(["acme-ledger", "Orders: above 5", "memory", "43542634", "42", "a"]);

const placesIn = (file: unknown, keptLogs = false) => leakedNames(file, NAMES, keptLogs);

it("finds a name in any text, in any case, with its place", () => {
  const file = {
    alert: { title: "Orders: above 5" },
    rounds: [{ evidence: { facts: [{ statement: "Task 43542634 of (service Acme-Ledger)." }] } }],
  };

  expect(placesIn(file)).toEqual(["alert.title", "rounds.0.evidence.facts.0.statement"]);
});

it("finds names among the keys that are not the schema's", () => {
  expect(placesIn({ policy: { services: { "acme-ledger": {} } } })).toEqual(["policy.services.acme-ledger"]);
  expect(placesIn({ "acme-ledger": 1 })).toEqual([]);
});

it("takes no part of a longer word for a name, no ordinary word and no small number", () => {
  expect(placesIn({ text: "acme-ledgers and xacme-ledger; memory rose to 42 % in a minute" })).toEqual([]);
});

it("does not look into log lines that were asked for, nor where only OpsAgent's words stand", () => {
  const file = { evidence: { lastLines: ["acme-ledger"] }, status: "acme-ledger" };

  expect(placesIn(file, true)).toEqual([]);
  expect(placesIn(file)).toEqual(["evidence.lastLines.0"]);
});
