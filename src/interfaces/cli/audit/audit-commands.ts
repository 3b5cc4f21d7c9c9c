import { OpsAgentError } from "../../../domain/errors.ts";
import { foldLine } from "../../../notification/text/fold-line.ts";
import { EXIT } from "../exit-code.ts";
import { storeExists, withStore } from "../open-store.ts";

import { print, printJson } from "../terminal.ts";
import { type TrailVerdict, verifyTrail } from "./verify-trail.ts";

const REMEDIES = {
  broken:
    "Keep a copy of the store as it is, and find out who could write to it. The entries before this one stand; from it on, compare with a backup.",
  unsealed:
    "Keep a copy of the store as it is, and find out who could write to it. Either the event was put in from outside, or the newest entries were cut off.",
  "head-missing":
    "Either the newest entries were cut off after this head was noted, or it is of another store (OPSAGENT_STORE). Keep a copy of the store and compare it with a backup.",
} as const;

/** Checks the whole trail. Exit code 1 when it is broken, or without the head that was noted earlier. */
export async function auditVerifyCommand(options: { head?: string; json?: boolean }): Promise<number> {
  refuseMissingStore();
  const verdict = await withStore((store) => verifyTrail(store, options.head));
  const remedy = verdict.outcome === "whole" ? undefined : REMEDIES[verdict.outcome];
  if (options.json) printJson({ ok: remedy === undefined, ...verdict, ...(remedy ? { remedy } : {}) });
  else for (const line of [...describe(verdict, options.head), ...(remedy ? [remedy] : [])]) print(line);
  return remedy === undefined ? EXIT.done : EXIT.failed;
}

/** Prints the entries of one incident, in order. Throws `config-invalid` when there is none. */
export async function auditShowCommand(incidentId: string, options: { json?: boolean }): Promise<number> {
  refuseMissingStore();
  const entries = await withStore((store) => store.entriesOf(incidentId));
  if (entries.length === 0) {
    throw new OpsAgentError({
      code: "config-invalid",
      message: `The audit trail has no entry of an incident "${incidentId}".`,
      remedy: "`opsagent incidents` lists the incidents there are; OPSAGENT_STORE names the store.",
    });
  }
  if (options.json) printJson(entries);
  else
    for (const { seq, at, event, detail } of entries)
      print(`${seq}  ${at}  ${foldLine(event)}  ${foldLine(detail)}`);
  return EXIT.done;
}

function describe(verdict: TrailVerdict, head: string | undefined): string[] {
  if (verdict.outcome === "broken") {
    const { incidentId, event, at } = verdict.found;
    return [
      `The audit trail is broken at entry ${verdict.seq}: ${verdict.problem}.`,
      foldLine(`What is found there: ${event} of the incident ${incidentId}, ${at}.`),
    ];
  }
  const whole = `The audit trail is whole: ${verdict.entries} ${verdict.entries === 1 ? "entry" : "entries"}, head ${verdict.head}.`;
  if (verdict.outcome === "unsealed") {
    const { incidentId, kind, at } = verdict.event;
    return [
      whole,
      foldLine(
        `But the store has an event that no entry seals: ${kind} of the incident ${incidentId}, ${at}.`,
      ),
    ];
  }
  if (verdict.outcome === "head-missing") return [whole, `But it does not contain the head ${head}.`];
  return [
    whole,
    head === undefined
      ? "Note the head elsewhere: `opsagent audit verify --head HASH` later shows if newer entries were cut off."
      : `It contains the head ${head}.`,
  ];
}

/** A check must not make an empty store, which would then be whole. */
function refuseMissingStore(): void {
  if (storeExists()) return;
  throw new OpsAgentError({
    code: "config-invalid",
    message: "There is no store to check.",
    remedy: "OPSAGENT_STORE names the store; without it, .opsagent/ in this folder is looked at.",
  });
}
