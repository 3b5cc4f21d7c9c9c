/** A store with a history as the product writes it, sealed with a key: what tampering is tried on. */
import { createAuditKeyFile } from "../../src/adapters/audit-key-file/audit-key-file.ts";
import { createSealing, sealingStore } from "../../src/audit/sealing.ts";
import type { AuditSeal } from "../../src/domain/incident/audit-seal.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { fastClock } from "./small-world.ts";
import { startWorkflow } from "./workflow.ts";

export interface SealedHistory {
  /** Asked, approved, rolled back, and judged by a person. */
  readonly approved: string;
  /** Came soon after it and is left to people. */
  readonly declined: string;
  /** The question of the approved one. */
  readonly question: string;
  readonly published: readonly AuditSeal[];
}

/**
 * Two incidents, one with an approval and its action; then a judgement, a pause that stands, a policy, and an entry
 * that no seal stands for yet.
 */
export async function writeSealedHistory(bare: IncidentStore, keyPath: string): Promise<SealedHistory> {
  const published: AuditSeal[] = [];
  const sealing = createSealing(bare, {
    key: createAuditKeyFile(keyPath),
    now: () => new Date(fastClock()),
    onSealed: (seal) => published.push(seal),
    onNotSealed: (problem) => {
      throw problem;
    },
  });
  const store = sealingStore(bare, sealing);
  let question = "";
  const running = startWorkflow({
    store,
    trouble: "bad-deploy",
    onAsked: (asked) => {
      question = asked.id;
      const at = new Date(fastClock()).toISOString();
      const by = { channel: "cli", id: "maria" } as const;
      void store
        .answer(asked.id, asked.planHash, { verdict: "approved", at, by })
        .then(() => running.engine.completeCallback(asked.callbackId, '"approved"'));
    },
  });
  const approved = await running.handle();
  const second = startWorkflow({ store, trouble: "leak" });
  const declined = await second.handle(second.world.alert({ key: "second" }));
  const at = new Date(fastClock()).toISOString();
  const word = { verdict: "right", by: "anna", note: "as it was" } as const;
  await store.judge({ incidentId: approved.id, at, ...word });
  await store.append([{ kind: "judged", incidentId: approved.id, key: `judged:${at}:anna`, at, ...word }]);
  await store.publishPolicy({ by: "anna", at, policy: { mode: "ask" } });
  await store.pause({ scope: { kind: "all" }, by: "anna", at, via: "cli", why: "database move" });
  await store.append([
    { kind: "notified", incidentId: approved.id, key: "late", at, channel: "slack", what: "a word" },
  ]);
  return { approved: approved.id, declined: declined.id, question, published };
}
