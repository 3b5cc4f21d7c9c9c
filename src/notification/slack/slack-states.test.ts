import { expect, it } from "vitest";
import { SAMPLES } from "../../../test/samples/every-incident.ts";
import {
  flappingNoFault,
  furtherAttempt,
  furtherWaiting,
  gaveBack,
  joinedIncident,
  joinedNote,
  observedWouldHave,
  undoneScale,
} from "../../../test/samples/incidents-over-time.ts";
import { approvedRollback, deniedRollback } from "../../../test/samples/incidents-with-people.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { SLACK_LIMITS, type SlackBlock, textLength } from "./slack-blocks.ts";
import { renderSlackMessage } from "./slack-message.ts";

const lines = (incident: Incident) => renderSlackMessage(incident).text.split("\n");
const shown = (blocks: readonly SlackBlock[]) =>
  blocks.flatMap((block) => (block.type === "section" ? (block.text?.text ?? "") : [])).join("\n");

it("says that an action was taken back, and why", () => {
  const { text, blocks } = renderSlackMessage(undoneScale());

  expect(text).toContain(
    "Action Taken: scale (confidence: 0.88) — taken back because it made things worse: the alarm metric rose from 97.8 to 99.6",
  );
  expect(shown(blocks)).toContain(
    "• taken back because it made things worse: set desired to 2 (2 tasks wanted again)",
  );
  expect(shown(blocks)).not.toContain("undo:");
});

it("does not claim that an action was taken back when that was refused", () => {
  const incident = undoneScale();
  const actions = incident.actions.map((action) => ({
    ...action,
    undone: action.undone?.map((step) => ({ ...step, outcome: "refused" as const, detail: "AccessDenied" })),
  }));

  const { text, blocks } = renderSlackMessage({ ...incident, actions } as Incident);

  expect(text).toContain("it could not be taken back: set desired to 2, AccessDenied");
  expect(`${text}${shown(blocks)}`).not.toContain("taken back because");
});

it("tells both actions of an incident with their own confidence and proof", () => {
  const { text, blocks } = renderSlackMessage(furtherAttempt());

  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Root Cause: More requests .* — on a second look: A memory leak/),
      "Action Taken: scale (confidence: 0.88; taken back), then restart (confidence: 0.84)",
      "Status: ✅ Resolved",
    ]),
  );
  expect(shown(blocks)).toMatch(/\*scale:\* done[\s\S]*verification: worse[\s\S]*\*Second look:\*/);
  expect(shown(blocks)).toMatch(
    /\*Second look:\*[\s\S]*\*restart:\* done[\s\S]*\*Verification of the last action:\* recovered/,
  );
});

it("does not call two actions resolved when the last one's own verification says otherwise", () => {
  const incident = furtherAttempt();
  const [first, last] = incident.actions;
  const unchanged = first?.verification && { ...first.verification, outcome: "unchanged" as const };

  const { text, blocks } = renderSlackMessage({
    ...incident,
    actions: first && last && unchanged ? [first, { ...last, verification: unchanged }] : [],
  });

  expect(text).toContain("Status: ⚠️ Escalated to on-call engineer");
  expect(`${text}${shown(blocks)}`).not.toContain("✅");
  expect(shown(blocks)).toContain("The record says resolved, but the verification says unchanged");
});

it("says what the second look wants and waits for", () => {
  const { text } = renderSlackMessage(furtherWaiting());

  expect(text).toMatch(/next: restart of task 4f2a9c1b7d waits for a person's approval until 07:32 UTC$/m);
  expect(text).toContain("Approval of the second action: Waits for a person until 07:32 UTC");
  expect(text).toContain("--plan c0ffee11");
});

it("says why no second action followed", () => {
  const { further, ...incident } = furtherWaiting();
  const decision = {
    kind: "decline" as const,
    cause: "memory-leak" as const,
    action: "restart" as const,
    confidence: { stated: 0.6, earned: 0.6, lowered: [] },
    trail: [{ rule: "confidence-threshold", outcome: "refuse" as const, reason: "0.6 is too low." }],
    reasons: ["0.6 is too low."],
  };
  const { approval: _, ...look } = further ?? {};

  const { text } = renderSlackMessage({
    ...incident,
    status: "escalated",
    further: { ...look, decision },
  } as Incident);

  expect(text).toMatch(/^Action Taken: scale .* — taken back .*; no second action: 0\.6 is too low$/m);
});

it("tells alarms that joined from those that fired again after the end", () => {
  expect(lines(joinedIncident())).toEqual(
    expect.arrayContaining([
      "Other alarms: 3 more alarms belong to this incident: payment-5xx (ALARM), payment-latency (OK), payment-unhealthy-hosts (ALARM)",
      "Fired again: after the incident had ended, inside its decay window: payment-memory (ALARM)",
    ]),
  );
});

it("says which alarm made it look again after people had been told", () => {
  const incident = joinedIncident();
  const detail = "payment-5xx fired after people were told that it was escalated";
  const looked = { at: incident.openedAt, sinceMs: 0, event: "alarm-joined", detail };

  expect(lines({ ...incident, timeline: [...incident.timeline, looked] })).toContain(
    `Looked again: ${detail}`,
  );
});

it("counts the alarms of a storm instead of naming each", () => {
  const incident = joinedIncident();
  const joined = Array.from({ length: 40 }, (_, index) => ({
    ...incident.joined?.[0],
    alarm: `alarm-${index}`,
  })) as NonNullable<Incident["joined"]>;

  expect(lines({ ...incident, joined })).toContain(
    "Other alarms: 40 more alarms belong to this incident: alarm-0 (ALARM), alarm-1 (ALARM), alarm-2 (ALARM), alarm-3 (ALARM), alarm-4 (ALARM) and 35 more",
  );
});

it("leads from the note of an alert to the incident that deals with it", () => {
  const told = lines(joinedNote());

  expect(told).toContain(`Action Taken: None — incident ${joinedIncident().id} deals with it`);
  expect(told.filter((line) => line.startsWith("Belongs to: incident"))).toHaveLength(1);
});

it("says that an alarm that fired again went back to OK by itself", () => {
  const { decision: _c, diagnosis: _d, evidence: _e, ...incident } = flappingNoFault();

  const told = lines({ ...incident, passed: true });

  expect(told).toContain("Action Taken: None — the alarm went back to OK by itself");
  expect(told).toContain("Root Cause: not determined — the alarm went back to OK by itself");
});

it("says that an alarm flaps, fired again, and was judged to be noise before", () => {
  const earlier = "inc-20261123-064000-payment-service";

  expect(lines(flappingNoFault())).toEqual(
    expect.arrayContaining([
      `Fired again: shortly after the end of incident ${earlier}, inside its decay window`,
      `Recurrence: 4th time in the last hour; the alarm is flapping; the last was incident ${earlier}`,
      `Known noise: incident ${earlier} found no fault behind this alarm and told of it`,
    ]),
  );
});

it.each([
  ["act", "would have done"],
  ["ask", "would have asked for approval of"],
] as const)("tells what observe mode held back of a decision to %s", (kind, words) => {
  const incident = observedWouldHave();
  const { decision } = incident;
  if (decision?.kind !== "decline" || !decision.wouldHave) throw new Error("the sample changed");
  const wouldHave = { ...decision.wouldHave, kind };

  expect(lines({ ...incident, decision: { ...decision, wouldHave } })).toContain(
    `Action Taken: None — observe only; ${words}: restart of task 4f2a9c1b7d (confidence: 0.91)`,
  );
});

it.each([
  ["waiting", "2 borrowed tasks go back at about 07:33 UTC if recovery holds (desired count 4 → 2)"],
  ["given-back", "2 borrowed tasks were given back at 07:33 UTC, desired is 2 again: recovery had held"],
  ["left-alone", "2 borrowed tasks were left alone: recovery had held"],
  ["unknown", "whether 2 borrowed tasks were given back is not known: recovery had held"],
] as const)("tells of borrowed tasks that are %s", (outcome, words) => {
  const incident = gaveBack();
  const giveBack = incident.giveBack && { ...incident.giveBack, outcome };

  const { text, blocks } = renderSlackMessage({ ...incident, ...(giveBack && { giveBack }) });

  expect(text).toContain(`Give back: ${words}`);
  expect(shown(blocks)).toContain(words);
});

it("says how many gaps, causes and steps it does not show, and shows the important gaps", () => {
  const incident = approvedRollback();
  const gap = { source: "logs", code: "aws-denied", message: "denied", important: false };
  const gaps = Array.from({ length: 9 }, (_, index) => ({ ...gap, message: `gap ${index}` }));
  const evidence = incident.evidence && {
    ...incident.evidence,
    gaps: [...gaps, { ...gap, message: "the one that matters", important: true }],
  };
  const diagnosis = incident.diagnosis && {
    ...incident.diagnosis,
    ruledOut: Array.from({ length: 7 }, () => ({ cause: "oom-kill" as const, why: "no kill" })),
    nextSteps: Array.from({ length: 6 }, (_, index) => `step ${index}`),
  };

  const { blocks } = renderSlackMessage({
    ...incident,
    ...(evidence && { evidence, diagnosis }),
  } as Incident);

  const told = shown(blocks);
  expect(told).toContain("the one that matters");
  expect(told).toMatch(/\*Ruled out:\*(?:\n• oom-kill: no kill){4}\n• and 3 more/);
  expect(told).toMatch(/\*Could not be read:\*(?:\n• logs: .*){4}\n• and 6 more/);
  expect(told).toMatch(/\*Next:\*(?:\n• step \d){4}\n• and 2 more/);
});

it("names the alarms of the incident among the proofs", () => {
  const { blocks } = renderSlackMessage(approvedRollback());

  expect(shown(blocks)).toContain("✓ the incident's other alarms OK: payment-latency is OK");
});

it.each(Object.entries(SAMPLES))("shows every line of the text in the blocks too: %s", (_, incident) => {
  const { text, blocks } = renderSlackMessage(incident());

  const told = JSON.stringify(blocks).replaceAll("*", "");
  const rest = text.split("\n").filter((line) => !line.startsWith("Answer:"));
  for (const line of rest) expect(told).toContain(line);
});

it("stays within Slack's limits when everything is as long as can be, and keeps the command whole", () => {
  const long = "&".repeat(3_000);
  const swell = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.flatMap((item) => [swell(item), swell(item), swell(item)]);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, SWOLLEN.has(name) ? long : swell(item)]),
    );
  };
  const storm: Incident = {
    ...furtherWaiting(),
    ...flappingNoFault(),
    joined: joinedIncident().joined,
    giveBack: gaveBack().giveBack,
    actions: furtherAttempt().actions,
    verification: furtherAttempt().verification,
    approval: deniedRollback().approval,
    further: furtherWaiting().further,
    status: "open",
    failures: Array.from({ length: 6 }, () => ({
      code: "internal",
      stage: "act",
      message: long,
      remedy: long,
    })),
  } as Incident;

  const { text, blocks } = renderSlackMessage({ ...(swell(storm) as Incident), id: storm.id });

  expect(text.length).toBeLessThanOrEqual(SLACK_LIMITS.text);
  expect(textLength(blocks)).toBeLessThanOrEqual(SLACK_LIMITS.allBlocks);
  expect(text).toContain(`opsagent approve ${storm.id} --plan c0ffee11 or`);
  expect(shown(blocks)).toContain(`\`opsagent deny ${storm.id} --plan c0ffee11\``);
  expect(text).toMatch(/^RCA: .{20,}$/m);
});

const SWOLLEN = new Set([
  "message",
  "remedy",
  "reason",
  "detail",
  "rootCause",
  "rca",
  "summary",
  "why",
  "what",
  "note",
  "statement",
  "alarm",
  "refireOf",
  "lastIncidentId",
  "title",
]);
