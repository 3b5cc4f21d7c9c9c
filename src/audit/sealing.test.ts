import { expect, it } from "vitest";
import { incidentStream } from "../../test/samples/incident-events.ts";
import { resolvedIncident } from "../../test/samples/incidents.ts";
import { keepWord } from "../../test/support/keep-record.ts";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { type AuditSeal, sealsIn, sealWord } from "../domain/incident/audit-seal.ts";
import { renderSlackMessage } from "../notification/slack/slack-message.ts";
import { webhookEvent } from "../notification/webhook-event.ts";
import type { AuditKey } from "./ports.ts";
import { createSealing, sealingStore } from "./sealing.ts";

const AT = "2026-11-23T07:00:00.000Z";
const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----`;

const key = (sign: AuditKey["sign"] = async () => "ab".repeat(64)): AuditKey => ({
  name: "a key",
  publicKey: async () => PUBLIC_KEY,
  make: async () => true,
  sign,
});

function opened(given: AuditKey | "none" = key()) {
  const bare = createSqliteStore(":memory:");
  const seals: AuditSeal[] = [];
  const problems: OpsAgentError[] = [];
  const sealing = createSealing(bare, {
    key: given === "none" ? undefined : given,
    now: () => new Date(AT),
    onSealed: (seal) => seals.push(seal),
    onNotSealed: (problem) => problems.push(problem),
  });
  return { store: sealingStore(bare, sealing), seals, problems };
}

const word = (index: number) => ({
  incidentId: "inc-1",
  key: `key-${index}`,
  event: "judged",
  detail: "",
  at: AT,
});

it("seals once at the end of an incident, however often its end is appended", async () => {
  const { store, seals } = opened();
  const stream = incidentStream("inc-1");
  for (const event of stream) await store.append([event]);
  await store.append(stream.filter(({ kind }) => kind === "closed"));

  const closed = stream.findIndex(({ kind }) => kind === "closed") + 1;
  expect(seals.map(({ seq }) => seq)).toEqual([closed]);
  expect(await store.seals()).toEqual(seals);
});

it("seals after many entries, and after a change of the brake or the policy", async () => {
  const { store, seals } = opened();
  for (let index = 1; index <= 130; index += 1) await keepWord(store, word(index));
  await store.pause({ scope: { kind: "all" }, by: "anna", at: AT, via: "cli" });
  await store.resume({ kind: "all" }, { by: "anna", at: AT, via: "cli" });
  await store.resume({ kind: "all" }, { by: "anna", at: AT, via: "cli" });
  await store.publishPolicy({ by: "anna", at: AT });

  expect(seals.map(({ seq }) => seq)).toEqual([64, 128, 131, 132, 133]);
});

it("keeps what happened whatever the key does, says so, and seals it with the next one", async () => {
  let failing = true;
  const fault = new OpsAgentError({ code: "audit-key-failed", message: "gone", remedy: "put it back" });
  const { store, seals, problems } = opened(
    key(async () => {
      if (failing) throw fault;
      return "ab".repeat(64);
    }),
  );
  const [stream, next] = [incidentStream("inc-1"), incidentStream("inc-2")];
  await store.append(stream);
  failing = false;
  await store.append(next);

  expect(problems).toEqual([fault]);
  expect(await store.eventsOf("inc-1")).toHaveLength(stream.length);
  expect(seals.map(({ seq }) => seq)).toEqual([stream.length + next.length]);
});

it("seals nothing where no key is configured", async () => {
  const { store, seals, problems } = opened("none");
  await store.append(incidentStream("inc-1"));

  expect([seals, problems]).toEqual([[], []]);
});

it("never makes a key for a store that has seals", async () => {
  const bare = createSqliteStore(":memory:");
  const made: string[] = [];
  const counting = (name: string): AuditKey => ({ ...key(), make: async () => made.push(name) > 0 });
  await keepWord(bare, word(1));
  await createSealing(bare, { key: counting("first"), now: () => new Date(AT) }).seal();
  await keepWord(bare, word(2));
  await createSealing(bare, { key: counting("second"), now: () => new Date(AT) }).seal();

  expect(made).toEqual(["first"]);
});

it("is told in the report and in the webhook, and read out of them again", () => {
  const seal: AuditSeal = {
    ...{ seq: 7, head: "cd".repeat(32), at: AT, keyId: "0123456789abcdef" },
    signature: "ab".repeat(64),
  };
  const incident = resolvedIncident();
  const update = { name: "closed", kind: "incident-closed", at: AT, incident, needsPerson: false } as const;

  const report = JSON.stringify(renderSlackMessage(incident, { auditSeal: sealWord(seal, "short") }));
  const event = JSON.stringify(webhookEvent(update, undefined, sealWord(seal, "whole")));

  expect(sealsIn(report)).toEqual([{ seq: 7, head: seal.head }]);
  expect(sealsIn(event)).toEqual([{ seq: 7, head: seal.head, seal }]);
});
