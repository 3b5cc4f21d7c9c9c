/** The events of one whole incident, as the workflow appends them: a leak, a question, a restart, the proof. */
import { createHash } from "node:crypto";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { EventBody, IncidentEvent } from "../../src/domain/incident/incident-event.ts";
import { resolvedIncident } from "./incidents.ts";

const start = Date.parse("2026-11-23T07:00:00.000Z");

/** A stream of an incident with this id, in order; `evidence` in place of the sample's. */
export function incidentStream(
  incidentId: string,
  changes: { readonly evidence?: Incident["evidence"]; readonly looks?: number } = {},
): readonly IncidentEvent[] {
  const { evidence, looks = 6 } = changes;
  const bodies = bodiesOf({ ...resolvedIncident(), ...(evidence && { evidence }) }, looks);
  return bodies.map(
    (body, index) =>
      ({
        ...body,
        incidentId,
        key: `${body.kind}:${index}`,
        at: new Date(start + index * 1_000).toISOString(),
      }) as IncidentEvent,
  );
}

function bodiesOf(sample: Incident, looks: number): readonly EventBody[] {
  const { alert, evidence, diagnosis, decision, verification } = sample;
  const [result] = sample.actions;
  const [step] = result?.steps ?? [];
  if (!evidence || !diagnosis || !decision || !verification || !result || !step) {
    throw new Error("the sample lacks a part");
  }
  const first = { attempt: "first" } as const;
  const { action, target, before, undo } = result;
  const [requestedAt, deadline] = [at(60), at(1_860)];
  const approval = { id: "question-1-question-1", requestedAt, deadline, planHash: "hash", why: "unsure" };
  const by = { channel: "cli", id: "anna" } as const;
  const answer = { verdict: "approved", at: at(90), by } as const;
  const joined = {
    key: "k-2",
    title: "errors",
    state: "ALARM",
    firedAt: at(30),
    joinedAt: at(31),
    kind: "joined",
  } as const;
  const look = (held: number): EventBody => ({
    kind: "verification-looked",
    ...first,
    looks: held + 1,
    held,
    holdLooks: looks,
    checks: verification.checks,
  });
  return [
    { kind: "opened", alert, diagnoser: "rules" },
    { kind: "evidence-collected", ...first, evidence },
    { kind: "alert-attached", joined },
    { kind: "diagnosed", ...first, diagnosis },
    { kind: "decided", ...first, decision: { ...decision, kind: "ask", why: "unsure" } as typeof decision },
    { kind: "approval-requested", ...first, approval },
    { kind: "approval-answered", approvalId: approval.id, planHash: "hash", answer },
    { kind: "evidence-added", ...first, added: { facts: [], gaps: [] }, after: { facts: 0, gaps: 0 } },
    { kind: "decided", ...first, decision, afterApproval: true },
    { kind: "action-reserved", ...first, action, granted: true },
    {
      kind: "action-claimed",
      ...first,
      effect: "restart-stop-0",
      what: "stop a task",
      purpose: "action",
      action: { action, target, before, undo },
    },
    { kind: "action-step-ended", ...first, purpose: "action", step },
    { kind: "action-ended", ...first, result },
    ...Array.from({ length: looks }, (_, held) => look(held)),
    { kind: "verified", ...first, verification },
    { kind: "grouping-window-opened", until: at(900) },
    { kind: "grouping-window-closed" },
    { kind: "closed" },
    { kind: "notified", channel: "slack", what: "closed" },
    { kind: "judged", verdict: "right", by: "anna", note: "as it was" },
  ];
}

function at(seconds: number): string {
  return new Date(start + seconds * 1_000).toISOString();
}

/** Evidence of about so many bytes as JSON. */
export function largeEvidence(bytes: number): NonNullable<Incident["evidence"]> {
  const { evidence } = resolvedIncident();
  const [fact] = evidence?.facts ?? [];
  if (evidence === undefined || fact === undefined) throw new Error("the sample lacks evidence");
  const facts = [...evidence.facts];
  for (
    let size = JSON.stringify(evidence).length;
    size < bytes;
    size += JSON.stringify(facts.at(-1)).length
  ) {
    const words = Array.from({ length: 20 }, (_, index) => noise(facts.length * 20 + index)).join(" ");
    facts.push({ ...fact, id: `E${facts.length + 1}`, statement: `log template ${facts.length}: ${words}` });
  }
  return { ...evidence, facts };
}

/** Evidence with about 1.2 MB of text that no compression makes smaller than half; other text for another `writer`. */
export function denseEvidence(writer: string): NonNullable<Incident["evidence"]> {
  const { facts, ...rest } = largeEvidence(2_000);
  const [fact] = facts;
  const dense = Array.from({ length: 100 }, (_, index) => ({
    ...fact,
    id: `E${index + 1}`,
    statement: Array.from({ length: 80 }, (_line, line) => letters(`${writer} ${index * 80 + line}`)).join(
      " ",
    ),
  }));
  return { ...rest, facts: dense as typeof facts };
}

/** Words of letters only: nothing that redaction takes for a number or a key. */
function letters(seed: string): string {
  const hex = createHash("sha512").update(seed).digest("hex");
  return hex.replaceAll(/\d/g, (digit) => "ghijklmnop".charAt(Number(digit))).replaceAll(/(.{7})/g, "$1 ");
}

/** Hard to compress, so that stores have to cut it. */
function noise(seed: number): string {
  return (((seed + 1) * 2_654_435_761) % 4_294_967_296).toString(36);
}
