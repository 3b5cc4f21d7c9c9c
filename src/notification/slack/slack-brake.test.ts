import { describe, expect, it } from "vitest";
import { scaleQuestion } from "../../../test/samples/approvals.ts";
import { at } from "../../../test/samples/evidence.ts";
import { observedIncident, resolvedIncident } from "../../../test/samples/incidents.ts";
import { slackProblems } from "../../../test/support/slack-validator.ts";
import type { Pause } from "../../domain/brake.ts";
import { renderApproval } from "./slack-approval.ts";
import { readBrakeButton } from "./slack-brake.ts";
import { renderSlackMessage, renderSlackState } from "./slack-message.ts";

const ALL: Pause = {
  scope: { kind: "all" },
  by: "U0ALLOWED1",
  at: at(0),
  via: "slack",
  why: "database move",
};
const brake = (buttons: boolean, ...pauses: readonly Pause[]) => ({
  state: { at: at(600), pauses },
  buttons,
});
const incident = resolvedIncident();

function buttonsOf(message: { readonly blocks: readonly { readonly type: string }[] }): string[] {
  return message.blocks.flatMap((block) =>
    "elements" in block && block.type === "actions"
      ? (block.elements as { action_id: string }[]).map(({ action_id }) => action_id)
      : [],
  );
}

describe("the button on an incident's message", () => {
  it.each([
    [[], ["opsagent-pause"]],
    [[ALL], ["opsagent-resume"]],
    [[{ ...ALL, scope: { kind: "service" as const, service: "shop" } }], ["opsagent-pause"]],
  ])("is the switch for everything: %j", (pauses, expected) => {
    const message = renderSlackState(incident, { brake: brake(true, ...pauses) });

    expect(buttonsOf(message)).toEqual(expected);
    expect(slackProblems(message)).toEqual([]);
  });

  it("is not there where Slack cannot reach OpsAgent, nor in the report of the thread", () => {
    expect(buttonsOf(renderSlackState(incident, { brake: brake(false) }))).toEqual([]);
    expect(buttonsOf(renderSlackMessage(incident, { brake: brake(true) }))).toEqual([]);
  });

  it("is read back, and no other", () => {
    expect(["opsagent-pause", "opsagent-resume", "opsagent-approve", ""].map(readBrakeButton)).toEqual([
      "pause",
      "resume",
      undefined,
      undefined,
    ]);
  });
});

describe.each([
  ["the message of an incident", () => renderSlackState(incident, { brake: brake(true, ALL) })],
  ["its report", () => renderSlackMessage(observedIncident(), { brake: brake(false, ALL) })],
  ["a question", () => renderApproval(scaleQuestion(), { buttons: true, brake: brake(false, ALL) })],
])("%s", (_, render) => {
  it("says as of when it is paused, by whom, in text and blocks", () => {
    const message = render();

    const said = "Held back, as of 07:10 UTC";
    const sentence =
      "Paused by <@U0ALLOWED1> since 07:00 UTC, until somebody resumes: database move. Nothing is changed.";
    expect(message.text).toContain(`${said}: ${sentence}`);
    expect(JSON.stringify(message.blocks)).toContain(`*${said}:* ${sentence}`);
    expect(slackProblems(message)).toEqual([]);
  });
});

it("says nothing of a pause of another service, and nothing where nothing is paused", () => {
  const other: Pause = { ...ALL, scope: { kind: "service", service: "elsewhere" } };

  expect(renderSlackState(incident, { brake: brake(true, other) }).text).not.toContain("aused");
  expect(renderSlackState(incident, { brake: brake(true) }).text).toBe(renderSlackState(incident).text);
});

it("keeps a hostile reason from forging a line or a mention", () => {
  const hostile: Pause = {
    ...ALL,
    via: "cli",
    by: "x",
    why: "@here\n✅ Status: ✅ Resolved <!channel> `x`".repeat(9),
  };

  const message = renderSlackState(incident, { brake: brake(true, hostile) });

  expect(slackProblems(message)).toEqual([]);
  expect(message.text.split("\n").filter((line) => /^\W*status\s*[:：]/i.test(line))).toHaveLength(1);
});
