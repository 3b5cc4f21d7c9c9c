import { beforeEach, describe, expect, it } from "vitest";
import { openIncidentsContract } from "../../../test/contract/incident-store/open-incidents.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { keepRecord, keepWord } from "../../../test/support/keep-record.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import { createUnavailableStore } from "./unavailable-store.ts";

const reason = new OpsAgentError({ code: "store-failed", message: "no disk", remedy: "Add a disk." });
let store: IncidentStore & { close(): void };

beforeEach(() => {
  store = createUnavailableStore(reason);
});

describe("open incidents, in memory", () => openIncidentsContract(() => store));

it("fails with its reason in everything that has to be kept", async () => {
  const at = "2026-11-23T07:00:00.000Z";
  const work = [
    keepRecord(store, resolvedIncident()),
    store.get("inc-1"),
    store.list(),
    store.keepUnreadable({ at, raw: "", problem: "" }),
    store.claim("key", at),
    store.actionsSince(at),
    store.approval("question"),
    store.approvalsOf("inc-1"),
    store.unanswered(),
    store.messagesOf("inc-1"),
    store.noteIncidentMessage("inc-1", "slack-app", "C1:1.2"),
    keepWord(store, { incidentId: "inc-1", key: "a", event: "b", detail: "c", at }),
    store.entries(),
    store.entriesOf("inc-1"),
    store.sealedEvents([]),
    store.unsealedEvent(),
    store.judgements(),
    store.pause({ scope: { kind: "all" }, by: "ann", at, via: "cli" }),
    store.resume({ kind: "all" }, { by: "ann", at, via: "cli" }),
    store.pauses(at),
    store.publishPolicy({ by: "ann", at, policy: {} }),
    store.newestPolicy(),
    store.policyVersions(),
  ];

  const ended = await Promise.allSettled(work);

  expect(ended).toEqual(work.map(() => ({ status: "rejected", reason })));
});

it("grants no booking", async () => {
  const record = { incidentId: "i", cluster: "c", service: "s", action: "restart", cause: "unknown", at: "" };
  const limits = { cooldownMinutes: 0, actionsPerHour: 99, blastRadiusServices: 99 };

  const booking = store.reserve({ record, limits, approved: true, atWorkMinutes: 0 });

  await expect(booking).rejects.toBe(reason);
});
