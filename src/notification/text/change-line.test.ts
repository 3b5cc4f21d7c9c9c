import { describe, expect, it } from "vitest";
import { ago, type Draft, deployment, metric, packOf } from "../../../test/samples/facts.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import type { ChangeSource } from "../../domain/evidence.ts";
import { rcaDocument } from "../../reporting/rca/rca-content.ts";
import { renderSlackMessage } from "../slack/slack-message.ts";
import { changeLine } from "./change-line.ts";

const deployed = deployment({ taskDefinition: "shop:14", createdAt: ago(340) });

const diff = (...changes: { what: string; before: string; after: string }[]): Draft => ({
  kind: "task-definition-diff",
  provenance: "control-plane",
  statement: "a difference",
  data: { from: "shop:13", to: "shop:14", changes },
});

const image = { what: "app image", before: "registry.test/shop:1.4.1", after: "registry.test/shop:1.4.2" };

const withSources = (drafts: readonly Draft[], ...changeSources: ChangeSource[]) => ({
  ...packOf(drafts),
  changeSources,
});

describe("the line that answers what changed", () => {
  it("names the deployment, how long before the onset, and what it brought", () => {
    expect(changeLine(packOf([deployed, diff(image)]))).toBe(
      "What changed: deployment of shop:14 40 s before the onset (app image 1.4.1 -> 1.4.2)",
    );
  });

  it("names a restart as one, and counts what else came before", () => {
    const restart = deployment({ taskDefinition: "shop:14", createdAt: ago(310), forced: true });
    const change: Draft = {
      kind: "change",
      provenance: "control-plane",
      at: ago(400),
      statement: "somebody changed something",
      data: {
        event: "RevokeSecurityGroupEgress",
        service: "ec2",
        area: "network",
        who: "deployer",
        resources: [],
        parameters: { groupId: "sg-1" },
        aboutService: true,
        secondsBeforeOnset: 100,
      },
    };
    const errors = metric("errors-5xx", 40, { label: "HTTPCode_Target_5XX_Count", isAlarm: true });

    expect(changeLine(packOf([errors, restart, diff(), change]))).toBe(
      "What changed: RevokeSecurityGroupEgress by deployer 1 min 40 s before the onset (groupId sg-1); 1 more before the onset",
    );
    expect(changeLine(packOf([restart]))).toBe(
      "What changed: forced new deployment of shop:14 10 s before the onset",
    );
  });

  it.each([
    [
      ["ecs", "deployment-history", "autoscaling", "cloudtrail"],
      "nothing that ECS, autoscaling or CloudTrail show in the hour before the onset",
    ],
    [["ecs", "autoscaling"], "nothing that ECS or autoscaling show in the hour before the onset"],
    [["ecs"], "nothing that ECS shows in the hour before the onset"],
    [["autoscaling"], "unknown, the service's deployments could not be read"],
  ] as const)("claims nothing of sources that were not read: %s", (sources, says) => {
    expect(changeLine(withSources([], ...sources))).toBe(`What changed: ${says}`);
  });

  it("tells of the last change where none came within the hour", () => {
    const old = deployment({ taskDefinition: "shop:14", createdAt: ago(300 + 7200) });

    expect(changeLine(withSources([old], "ecs"))).toBe(
      "What changed: nothing that ECS shows in the hour before the onset; the last was deployment of shop:14 2 h before the onset",
    );
  });

  it("never blames what came after the onset", () => {
    const late = deployment({ taskDefinition: "shop:14", createdAt: ago(200), failedTasks: 5 });

    expect(changeLine(withSources([late], "ecs"))).toContain("nothing that ECS shows");
  });

  it("is unknown without evidence", () => {
    expect(changeLine(undefined)).toBe("What changed: unknown, no evidence was gathered");
  });
});

describe("the reports", () => {
  const incident = { ...resolvedIncident(), evidence: packOf([deployed, diff(image)]) };

  it("begin the RCA's summary with it, and rank the changes with reasons", () => {
    const { sections } = rcaDocument(incident);

    expect(sections[0]?.blocks[0]).toEqual({
      kind: "text",
      text: "What changed: deployment of shop:14 40 s before the onset (app image 1.4.1 -> 1.4.2)",
    });
    const changes = sections.find(({ id }) => id === "changes")?.blocks[0];
    expect(changes).toMatchObject({
      kind: "table",
      rows: [
        ["E1", expect.any(String), "a deployment", "40 s before the onset; changed app image"],
        ["E2", expect.any(String), "a difference", "40 s before the onset; changes app image"],
      ],
    });
  });

  it("have it in the blocks of the Slack message and not among the fixed lines", () => {
    const { text, blocks } = renderSlackMessage(incident);

    expect(JSON.stringify(blocks)).toContain("*What changed:* deployment of shop:14");
    expect(text).not.toContain("What changed");
  });
});
