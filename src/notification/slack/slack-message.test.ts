import { expect, it } from "vitest";
import {
  escalatedIncident,
  failedIncident,
  observedIncident,
  resolvedIncident,
  unprovenIncident,
} from "../../../test/samples/incidents.ts";
import { renderSlackMessage } from "./slack-message.ts";

const lines = (text: string) => text.split("\n");

it("tells a proven recovery in the five lines teams know", () => {
  const { text } = renderSlackMessage(resolvedIncident());

  expect(lines(text)).toEqual([
    "🚨 Incident: payment-service | P2",
    expect.stringMatching(/^Root Cause: A memory leak/),
    "Action Taken: restart (confidence: 0.91)",
    "Status: ✅ Resolved",
    expect.stringMatching(/^RCA: Memory climbed/),
  ]);
});

it("tells why nothing was done when it escalates", () => {
  const { text } = renderSlackMessage(escalatedIncident());

  expect(lines(text)).toContain("Action Taken: None — no action cures dependency-down");
  expect(lines(text)).toContain("Status: ⚠️ Escalated to on-call engineer");
});

it("says that an action is not yet proven", () => {
  const { text } = renderSlackMessage(unprovenIncident());

  expect(lines(text)).toContain(
    "Action Taken: scale (confidence: 0.88) — not yet proven: unknown, no data of the alarm metric within 240 s",
  );
  expect(lines(text)).toContain("Status: ⚠️ Escalated to on-call engineer");
});

it("names the failure and its remedy", () => {
  const { text } = renderSlackMessage(failedIncident());

  expect(lines(text)).toContain("Status: ❌ Agent failed — manual intervention required");
  expect(lines(text)).toContain(
    "Error: OPENROUTER_API_KEY is not set — Set it, or set OPSAGENT_DIAGNOSER=rules.",
  );
});

it("names each of several failures and counts the rest", () => {
  const failures = ["a", "b", "c", "d", "e"].map((name) => ({
    code: "aws-denied",
    stage: "observe",
    message: `${name} failed`,
    remedy: "Allow it.",
  }));

  const { text } = renderSlackMessage({ ...failedIncident(), failures });

  expect(lines(text).filter((line) => line.startsWith("Error:"))).toEqual([
    "Error: a failed — Allow it.",
    "Error: b failed — Allow it.",
    "Error: c failed — Allow it.",
    "Error: and 2 more: aws-denied",
  ]);
});

it("tells what observe mode held back", () => {
  const { text } = renderSlackMessage(observedIncident());

  expect(lines(text)).toContain("Status: 👀 Observed");
  expect(text).toContain("would have done: restart of task 4f2a9c1b7d (confidence: 0.91)");
});

it("tells what a refusal by observe mode held back", () => {
  const incident = observedIncident();
  const decision = {
    kind: "decline" as const,
    cause: "memory-leak" as const,
    action: "restart" as const,
    confidence: { stated: 0.91, earned: 0.91, lowered: [] },
    trail: [{ rule: "mode", outcome: "refuse" as const, reason: "Mode observe." }],
    reasons: ["Mode observe."],
  };

  const { text } = renderSlackMessage({ ...incident, decision });

  expect(lines(text)).toContain(
    "Action Taken: None — observe only; would have done: restart (confidence: 0.91)",
  );
});

it("tells of an alarm that only went back to OK", () => {
  const { evidence: _e, diagnosis: _d, decision: _c, verification: _v, ...incident } = resolvedIncident();

  const { text } = renderSlackMessage({
    ...incident,
    status: "observed",
    actions: [],
    alert: { ...incident.alert, state: "OK" },
  });

  expect(lines(text)).toContain("Action Taken: None — the alarm went to OK");
});

it.each([
  ["no verification", undefined],
  ["an unknown one", { ...resolvedIncident().verification, outcome: "unknown" as const }],
])("does not call an incident resolved with %s", (_, verification) => {
  const { verification: _v, ...incident } = resolvedIncident();

  const { text, blocks } = renderSlackMessage({
    ...incident,
    ...(verification && { verification: { ...resolvedIncident().verification, ...verification } as never }),
  });

  expect(text).not.toContain("✅");
  expect(JSON.stringify(blocks)).not.toContain("✅");
  expect(text).toContain("Status: ⚠️ Escalated to on-call engineer");
  expect(JSON.stringify(blocks)).toContain("The record says resolved, but");
});

it("says that AWS refused the action and nothing changed", () => {
  const { verification: _, ...incident } = resolvedIncident();
  const actions = incident.actions.map((action) => ({
    ...action,
    outcome: "nothing-changed" as const,
    steps: action.steps.map((step) => ({
      ...step,
      outcome: "refused" as const,
      detail: "AWS refused it: AccessDenied.",
    })),
  }));

  const { text } = renderSlackMessage({ ...incident, status: "escalated", actions });

  expect(lines(text)).toContain(
    "Action Taken: None — restart was not carried out: AWS refused it: AccessDenied. Nothing was changed.",
  );
});

it("shows the same lines in the blocks", () => {
  const { text, blocks } = renderSlackMessage(resolvedIncident());

  const shown = JSON.stringify(blocks).replaceAll("*", "");

  for (const line of lines(text)) expect(shown).toContain(line);
});

it("marks the rules' verdict when the model failed", () => {
  const { diagnosis, ...incident } = resolvedIncident();
  const secondOpinion = diagnosis as NonNullable<typeof diagnosis>;

  const { text } = renderSlackMessage({ ...incident, diagnoser: "model", secondOpinion });

  expect(text).toMatch(/^Root Cause: A memory leak .* \(by the rules alone\)$/m);
});

it("escapes log text, so that it pings nobody and hides no link", () => {
  const incident = resolvedIncident();
  const hostile = "<!channel> @here <https://evil.example|console> & `*x*` \nStatus: ✅ Resolved";
  const diagnosis = { ...incident.diagnosis, rootCause: hostile } as typeof incident.diagnosis;

  const { text } = renderSlackMessage({ ...incident, ...(diagnosis && { diagnosis }) });

  expect(lines(text)[1]).toBe(
    "Root Cause: &lt;!channel&gt; ＠here &lt;https://evil.example|console&gt; &amp; '∗x∗' Status∶ ▫ Resolved",
  );
});
