import { notProvenBy, provenBy, remedyOf } from "../../../audit/verdict-text.ts";
import { type StoreVerdict, verifyStore } from "../../../audit/verify-store.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import { keyIdOf, sealWord } from "../../../domain/incident/audit-seal.ts";
import { plural } from "../../../domain/plural.ts";
import { foldLine } from "../../../notification/text/fold-line.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { auditKeyOf } from "../../../wiring/wire-audit.ts";
import { EXIT } from "../exit-code.ts";
import { withSealedStore } from "../open-sealed-store.ts";
import { storeExists, withStore } from "../open-store.ts";
import { print, printJson, usableConfig } from "../terminal.ts";
import { knownOf, type VerifyOptions } from "./audit-inputs.ts";

/** Findings that are printed; `--json` has all of them. */
const PRINTED_FINDINGS = 20;

/** Checks the whole store. Exit code 1 for every verdict but `whole`. */
export async function auditVerifyCommand(options: VerifyOptions & { json?: boolean }): Promise<number> {
  refuseMissingStore();
  const { verdict, noted } = await withSealedStore(async ({ store }, config) => {
    const known = await knownOf(options, auditKeyOf(config));
    return {
      verdict: await verifyStore(store, known),
      noted: known.noted.length > 0 || known.head !== undefined,
    };
  });
  const remedy = remedyOf(verdict);
  const notProven = notProvenBy(verdict, noted);
  if (options.json) {
    const { trail, outcome, findings, seals } = verdict;
    const { first, newest, good } = seals;
    const keyed = first && newest && { since: first.at, to: newest.seq, at: newest.at, seals: good };
    printJson({
      ok: remedy === undefined,
      ...trail,
      outcome,
      ...(keyed ? { keyed } : {}),
      findings,
      notProven,
      ...(remedy ? { remedy } : {}),
    });
  } else {
    const lines = [...describe(verdict, options.head), ...provenBy(verdict), ...notProven];
    for (const line of [...lines, ...(remedy ? [remedy] : [])]) print(line);
  }
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

/** Seals the trail as it is now and prints the seal. Throws `audit-key-failed`. */
export async function auditSealCommand(options: { newKey?: boolean; json?: boolean }): Promise<number> {
  refuseMissingStore();
  const seal = await withSealedStore(async ({ sealing }, config) => {
    const key = auditKeyOf(config);
    if (options.newKey === true && key !== undefined && !(await key.make())) {
      throw new OpsAgentError({
        code: "config-invalid",
        message: `${key.name} is there already.`,
        remedy: "Leave --new-key out; to change the key, name another file in OPSAGENT_AUDIT_KEY.",
      });
    }
    return sealing.seal();
  });
  if (options.json) printJson(seal === undefined ? { sealed: false } : { sealed: true, ...seal });
  else
    print(
      seal === undefined ? "The audit trail is empty: there is nothing to seal." : sealWord(seal, "whole"),
    );
  return EXIT.done;
}

/** Prints the public key that checks the seals. Throws `audit-key-failed` and `config-invalid`. */
export async function auditKeyCommand(options: { json?: boolean }): Promise<number> {
  const key = auditKeyOf(usableConfig(readConfig()));
  if (key === undefined) {
    throw new OpsAgentError({
      code: "config-invalid",
      message: "No key is configured that seals the audit trail.",
      remedy: "Set OPSAGENT_AUDIT_KEY to file:PATH, or to kms:KEY on AWS.",
    });
  }
  const pem = await key.publicKey();
  if (options.json) printJson({ keyId: keyIdOf(pem), name: key.name, publicKey: pem.trim() });
  else print(`# Public key ${keyIdOf(pem)} of ${key.name}\n${pem.trim()}`);
  return EXIT.done;
}

function describe(verdict: StoreVerdict, head: string | undefined): string[] {
  const { trail, outcome, findings } = verdict;
  if (trail.outcome === "broken") {
    const { incidentId, event, at } = trail.found;
    return [
      `The audit trail is broken at entry ${trail.seq}: ${trail.problem}.`,
      foldLine(`What is found there: ${event} of the incident ${incidentId}, ${at}.`),
    ];
  }
  const size = `${plural(trail.entries, "entry", "entries")}, head ${trail.head}`;
  const chain =
    outcome === "whole" ? `The audit trail is whole: ${size}.` : `The chain of entries is unbroken: ${size}.`;
  if (trail.outcome === "unsealed") {
    const { incidentId, kind, at } = trail.event;
    const found = `But the store has an event that no entry seals: ${kind} of the incident ${incidentId}, ${at}.`;
    return [chain, foldLine(found)];
  }
  if (trail.outcome === "head-missing") return [chain, `But it does not contain the head ${head}.`];
  const listed = findings.slice(0, PRINTED_FINDINGS);
  return [
    chain,
    ...(head === undefined ? [] : [`It contains the head ${head}.`]),
    ...listed.map(({ about, id, problem }) => foldLine(`But: ${about} ${id}: ${problem}.`)),
    ...(findings.length > listed.length
      ? [`And ${findings.length - listed.length} more; --json has all.`]
      : []),
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
