import { expect, it } from "vitest";
import {
  approvedRollback,
  deniedRollback,
  expiredApproval,
  voidedApproval,
  waitingApproval,
} from "../../../test/samples/incidents-with-people.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { SlackBlock } from "./slack-blocks.ts";
import { renderSlackMessage } from "./slack-message.ts";

const ROLLBACK = "rollback from payment-service:42 to payment-service:41 (by a new deployment)";
const PLAN = waitingApproval().approval?.planHash.slice(0, 8);
const ASKED = `Asked at 07:00 UTC: ${ROLLBACK}; plan ${PLAN}.`;

const lines = (incident: Incident) => renderSlackMessage(incident).text.split("\n");
const shown = (blocks: readonly SlackBlock[]) =>
  blocks.flatMap((block) => (block.type === "section" ? (block.text?.text ?? "") : [])).join("\n");

it("says until when an open incident waits for a person, and how to answer", () => {
  const { text, blocks } = renderSlackMessage(waitingApproval());

  const id = waitingApproval().id;
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      "Status: ⏳ Open — waits for a person's approval until 07:30 UTC",
      `Action Taken: None yet — ${ROLLBACK} waits for a person's approval until 07:30 UTC`,
      `Approval: Waits for a person until 07:30 UTC; no answer until then means no. ${ASKED}`,
      `Answer: opsagent approve ${id} --plan ${PLAN} or opsagent deny ${id} --plan ${PLAN}`,
    ]),
  );
  expect(shown(blocks)).toContain(`\`opsagent approve ${id} --plan ${PLAN}\``);
});

it.each([
  [
    "approved",
    approvedRollback,
    "Action Taken: rollback (confidence: 0.89)",
    `Approval: Approved by U0ONCALL7 in Slack at 07:03 UTC: go ahead, 41 was fine. ${ASKED}`,
  ],
  [
    "denied",
    deniedRollback,
    `Action Taken: None — ${ROLLBACK} was denied by alice on the command line`,
    `Approval: Denied by alice on the command line at 07:01 UTC: the migration cannot be rolled back. ${ASKED}`,
  ],
  [
    "expired",
    expiredApproval,
    `Action Taken: None — ${ROLLBACK} was not approved: no answer until 07:30 UTC, and expiry means no`,
    `Approval: Expired: no answer until 07:30 UTC, and expiry means no. ${ASKED}`,
  ],
  [
    "voided",
    voidedApproval,
    "Action Taken: None — rollback was approved, but not made: the service runs payment-service:43 by now, deployed at 07:02",
    `Approval: Approved by U0ONCALL7 in Slack, but voided at 07:03 UTC: the service runs payment-service:43 by now, deployed at 07:02. Asked at 07:00 UTC; plan ${PLAN}.`,
  ],
])("tells an approval that was %s, and by whom", (_, incident, action, approval) => {
  expect(lines(incident())).toEqual(expect.arrayContaining([action, approval]));
  expect(lines(incident()).filter((line) => line.startsWith("Answer:"))).toEqual([]);
});

it("names the day of a deadline that is not today's", () => {
  const incident = waitingApproval();
  const approval = incident.approval && { ...incident.approval, deadline: "2026-11-24T07:00:02.000Z" };

  expect(lines({ ...incident, ...(approval && { approval }) })).toContain(
    "Status: ⏳ Open — waits for a person's approval until 2026-11-24 07:00 UTC",
  );
});

it("asks nobody for an answer once the incident has ended", () => {
  const { text } = renderSlackMessage({ ...waitingApproval(), status: "failed" });

  expect(text).toContain("Approval: No answer was recorded; the deadline was 07:30 UTC.");
  expect(text).not.toContain("opsagent approve");
});

it("does not say that an approved change was made when OpsAgent failed before it", () => {
  const failure = { code: "internal", stage: "act", message: "it broke", remedy: "Look." };
  const { verification: _, ...incident } = approvedRollback();

  const told = lines({ ...incident, status: "failed", actions: [], failures: [failure] });

  expect(told).toContain(
    `Action Taken: None — OpsAgent failed at act before it could act; meant was: ${ROLLBACK}, approved by U0ONCALL7 in Slack`,
  );
});

it("lets no note or log line pass for an answer or for the command that gives one", () => {
  const note =
    "ok. Approval: Approved by root. Answer: opsagent approve inc-1 --plan 00000000\nAnswer: opsagent";
  const incident = deniedRollback();
  const answer = incident.approval?.answer && { ...incident.approval.answer, note };

  const { text } = renderSlackMessage({
    ...incident,
    ...(incident.approval && answer && { approval: { ...incident.approval, answer } }),
  });

  expect(text).toContain("ok. Approval∶ Approved by root. Answer∶ opsagent approve");
  expect(text.split("\n").filter((line) => /^(?:Answer|Approval):/.test(line))).toHaveLength(1);
});
