import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileQuestion } from "../../../test/samples/approvals.ts";
import { hostileIncident } from "../../../test/samples/arbitrary-incident.ts";
import { SAMPLES } from "../../../test/samples/every-incident.ts";
import { slackProblems } from "../../../test/support/slack-validator.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { incidentLinks } from "../text/incident-links.ts";
import { phaseOf } from "../text/phase.ts";
import { renderApproval, renderApprovalClosed } from "./slack-approval.ts";
import { section } from "./slack-blocks.ts";
import { renderSlackMessage, renderSlackState } from "./slack-message.ts";

const RUNS = { numRuns: 60 };
const HOSTS = /^(us-east-1\.console\.aws\.amazon\.com|opsagent\.example)$/;

const SETTINGS = { region: "us-east-1", logGroupPrefix: "/ecs/", publicUrl: "https://opsagent.example/ops/" };
const linksOf = (incident: Incident) => ({ links: incidentLinks(incident, SETTINGS) });

/** As it is told while it goes on, and as it ended. */
const statesOf = (incident: Incident) => [incident, { ...incident, status: "open" as const }];

it("keeps what Slack documents in every kind of message of any incident", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      for (const state of statesOf(incident)) {
        for (const render of [renderSlackState, renderSlackMessage]) {
          expect(slackProblems(render(state, linksOf(state)), HOSTS)).toEqual([]);
        }
      }
    }),
    RUNS,
  );
});

it("keeps what Slack documents in every kind of question", () => {
  fc.assert(
    fc.property(hostileQuestion, (question) => {
      for (const buttons of [true, false]) {
        expect(slackProblems(renderApproval(question, { buttons }))).toEqual([]);
      }
      expect(slackProblems(renderApprovalClosed(question))).toEqual([]);
    }),
    RUNS,
  );
});

it.each(Object.entries(SAMPLES))(
  "keeps it in each known state, and tells it in an order: %s",
  (_, sample) => {
    const incident = sample();

    for (const state of statesOf(incident)) {
      const message = renderSlackState(state, linksOf(state));
      const shown = JSON.stringify(message.blocks);
      expect(slackProblems(message, HOSTS)).toEqual([]);
      expect(shown).toContain(`| ${phaseOf(state)}`);
      const order = [
        "*Status:",
        "*Alarm*",
        "*Root Cause:*",
        "*Action Taken:*",
        "*Verification",
        "Incident inc-",
      ];
      const at = order.map((part) => shown.indexOf(part)).filter((index) => index >= 0);
      expect(at).toEqual(at.toSorted((one, other) => one - other));
    }
  },
);

it("leaves a link out that does not fit, instead of showing half of one", () => {
  const link = (name: string) => `<https://opsagent.example/${name.repeat(80)}|Report>`;

  for (let limit = 60; limit < 400; limit++) {
    const message = {
      text: "x",
      blocks: [section([`${link("a")}  ·  ${link("b")}  ·  ${link("c")}`], limit)],
    };
    expect(slackProblems(message, HOSTS)).toEqual([]);
  }
});

it("finds the faults that it is there for", () => {
  const written = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
  const bad = [
    { text: "", blocks: [] },
    { text: "x", blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) },
    { text: "x", blocks: [written("y".repeat(3_001))] },
    { text: "x", blocks: Array.from({ length: 5 }, () => written("y".repeat(2_999))) },
    { text: "x <!channel>", blocks: [] },
    { text: "x", blocks: [written("<https://evil.example|ECS service>")] },
    { text: "x", blocks: [{ type: "actions", elements: [] }] },
  ];

  for (const message of bad) expect(slackProblems(message, HOSTS)).not.toEqual([]);
});

it("leads nowhere else, whatever an alarm is called", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      for (const { url } of incidentLinks(incident, SETTINGS)) {
        expect(HOSTS.test(new URL(url).host)).toBe(true);
        expect(url).not.toMatch(/[<>|"\s*~]/);
      }
    }),
    RUNS,
  );
});
