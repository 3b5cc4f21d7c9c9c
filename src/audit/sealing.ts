/** When the audit trail is sealed, and who is told: a seal at the end of an incident, and after many entries without one. */
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import { type AuditSeal, keyIdOf, sealedText, sealWord } from "../domain/incident/audit-seal.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import type { AuditTrail, IncidentStore } from "../domain/ports.ts";
import type { AuditKey } from "./ports.ts";

/** Entries that this process adds without an incident's end before it seals them: a long incident is a few hundred. */
const SEAL_AFTER_ENTRIES = 64;
/** More than end at the same time; beyond it one end may be sealed twice. */
const REMEMBERED_ENDS = 1_000;

export interface SealingOptions {
  /** Undefined where no key is configured: then nothing is sealed. */
  readonly key: AuditKey | undefined;
  readonly now: () => Date;
  /** Told of each seal: publishes it outside the store. */
  readonly onSealed?: (seal: AuditSeal) => void;
  /** Told why a seal could not be made. What it was for goes on: the next seal stands for these entries, too. */
  readonly onNotSealed?: (problem: OpsAgentError) => void;
}

export interface Sealing {
  /** Seals the trail as it is. Returns undefined for an empty trail. Throws `audit-key-failed` and `store-failed`. */
  seal(): Promise<AuditSeal | undefined>;
  /** The same, and never throws. */
  trySeal(): Promise<AuditSeal | undefined>;
}

type Trail = Pick<AuditTrail, "trailHead" | "keepSeal" | "newestSeal">;

/** Seals with a key; one read and one write a seal. */
export function createSealing(store: Trail, options: SealingOptions): Sealing {
  const { key, now, onSealed, onNotSealed } = options;
  let publicKey: Promise<string> | undefined;

  const seal = async (): Promise<AuditSeal | undefined> => {
    if (key === undefined) throw noKey();
    const last = await store.trailHead();
    if (last === undefined) return undefined;
    publicKey ??= keyFor(key, store);
    publicKey.catch(() => {
      // The key may come back: it is looked for again.
      publicKey = undefined;
    });
    const open = { seq: last.seq, head: last.hash, at: now().toISOString(), keyId: keyIdOf(await publicKey) };
    const sealed = { ...open, signature: await key.sign(sealedText(open)) };
    await store.keepSeal(sealed);
    onSealed?.(sealed);
    await key.note?.(sealWord(sealed, "whole"));
    return sealed;
  };

  return {
    seal,
    trySeal: async () => {
      if (key === undefined) return undefined;
      try {
        return await seal();
      } catch (fault) {
        onNotSealed?.(asOpsAgentError(fault));
        return undefined;
      }
    },
  };
}

/** A key is made for a store that has no seal yet, and never in place of one that is gone. */
async function keyFor(key: AuditKey, store: Trail): Promise<string> {
  if ((await store.newestSeal()) === undefined) await key.make();
  return key.publicKey();
}

/**
 * The same store, which seals its trail after the end of an incident, after a change of the brake or of the policy, and
 * after {@link SEAL_AFTER_ENTRIES} events without either. A seal that fails changes nothing of what was written.
 */
export function sealingStore<S extends IncidentStore>(store: S, { trySeal }: Pick<Sealing, "trySeal">): S {
  let unsealed = 0;
  /** Ends that were sealed: a closing is appended once more with what was told of it. */
  const ended = new Set<string>();
  const isNewEnd = (event: IncidentEvent) => {
    const end = `${event.incidentId} ${event.key}`;
    if (event.kind !== "closed" || ended.has(end)) return false;
    if (ended.size >= REMEMBERED_ENDS) ended.clear();
    ended.add(end);
    return true;
  };
  const seal = async () => {
    unsealed = 0;
    await trySeal();
  };
  return {
    ...store,
    append: async (events) => {
      await store.append(events);
      unsealed += events.length;
      const ends = events.filter(isNewEnd).length > 0;
      if (ends || unsealed >= SEAL_AFTER_ENTRIES) await seal();
    },
    pause: async (pause) => {
      await store.pause(pause);
      await seal();
    },
    resume: async (scope, by) => {
      const resumed = await store.resume(scope, by);
      if (resumed !== undefined) await seal();
      return resumed;
    },
    publishPolicy: async (version) => {
      const published = await store.publishPolicy(version);
      await seal();
      return published;
    },
  };
}

function noKey(): OpsAgentError {
  return new OpsAgentError({
    code: "audit-key-failed",
    message: "No key is configured that seals the audit trail.",
    remedy: "Set OPSAGENT_AUDIT_KEY to file:PATH, or to kms:KEY on AWS.",
  });
}
