import { describe, expect, it } from "vitest";
import { deployment, packOf, service } from "../../test/samples/facts.ts";
import {
  comparison,
  DEPLOYMENT_ARN,
  ended,
  leaving,
  PLACED,
  placed,
  ROLLING,
  rolling,
} from "../../test/samples/rollbacks.ts";
import { planRollback, sameDefinition } from "./rollback-plan.ts";

const planOf = (facts: Parameters<typeof packOf>[0]) => {
  const planned = planRollback(packOf(facts));
  return planned.ok ? planned.plan : planned.reason;
};

describe("a rollback of a deployment that is over", () => {
  it("puts the last steady task definition in place again", () => {
    expect(planOf(PLACED)).toEqual({
      action: "rollback",
      from: "shop:7",
      to: "shop:6",
      how: "update-service",
    });
  });

  it("never counts revisions: without a steady one known there is none", () => {
    const unknown = "Nothing shows which task definition ran steadily before shop:7, so none is chosen.";

    expect(planOf([service(), placed()])).toBe(unknown);
    expect(planOf([service(), placed(), comparison({ base: "revision-before" })])).toBe(unknown);
    expect(planOf([service(), placed(), comparison({ base: "being-replaced" })])).toBe(unknown);
    expect(planOf([service(), placed(), ended({ status: "STOPPED" })])).toBe(unknown);
  });

  it("does not take a comparison of another task definition than the current one", () => {
    expect(planOf([service(), placed(), comparison({ to: "shop:9" })])).toContain("none is chosen");
  });

  it("knows a steady one from a completed deployment that still runs, or from a success in the history", () => {
    const failed = placed({ rolloutState: "FAILED", failedTasks: 3, historyStatus: "STOPPED" });

    expect(planOf([service(), failed, leaving()])).toMatchObject({ to: "shop:6", how: "update-service" });
    expect(planOf([service(), placed(), ended()])).toMatchObject({ to: "shop:5" });
    expect(planOf([service(), placed(), comparison(), ended()])).toMatchObject({ to: "shop:6" });
  });

  it("does not go to one whose tasks fail now, nor to a family without a revision", () => {
    const facts = [service(), placed(), leaving({ failedTasks: 2 })];

    expect(planOf([...facts, comparison()])).toContain("none is chosen");
    expect(planOf([...facts, comparison(), ended()])).toMatchObject({ to: "shop:5" });
    expect(planOf([service(), placed(), comparison({ from: "shop" })])).toContain("none is chosen");
  });

  it("is none where what changed is behind the tag", () => {
    const forced = (imageChanged?: boolean) =>
      planOf([
        service(),
        placed({
          forced: true,
          replaced: "shop:7",
          ...(imageChanged === undefined ? {} : { imageChanged }),
        }),
        comparison(),
      ]);

    expect(forced(true)).toBe(
      "shop:7 was deployed over itself, so there is no other task definition to go back to.",
    );
    expect(forced()).toBe(forced(true));
    expect(forced(false)).toMatchObject({ to: "shop:6" });
  });

  it("is none after a rollback back to what runs", () => {
    const back = ended({ status: "ROLLBACK_SUCCESSFUL", taskDefinition: "shop:8", rolledBackTo: "shop:7" });

    expect(planOf([...PLACED, back])).toBe(
      "The deployment of shop:8 was rolled back already; going back further is for people.",
    );
    expect(planOf([...PLACED, ended({ status: "ROLLBACK_FAILED" })])).toContain("rolled back already");
    expect(
      planOf([...PLACED, ended({ status: "ROLLBACK_SUCCESSFUL", rolledBackTo: "shop:3" })]),
    ).toMatchObject({
      to: "shop:6",
    });
  });

  it.each([
    ["the service", [placed(), comparison()], "could not be read"],
    ["the deployments", [service(), comparison()], "could not be read"],
    [
      "which deployment is the newest",
      [service({ taskDefinition: "shop:9" }), placed()],
      "the service names",
    ],
  ])("is none without %s", (_, facts, reason) => {
    expect(planOf(facts)).toContain(reason);
  });
});

describe("a rollback of a deployment that goes on", () => {
  it("stops exactly that deployment", () => {
    expect(planOf(ROLLING)).toEqual({
      action: "rollback",
      from: "shop:7",
      to: "shop:6",
      how: "stop-deployment",
      deploymentArn: DEPLOYMENT_ARN,
    });
  });

  const { arn: _, ...unnamed } = (rolling() as Extract<ReturnType<typeof rolling>, { kind: "deployment" }>)
    .data;

  it("is none without its ARN, or where the history says that it ended", () => {
    const facts = (primary: ReturnType<typeof rolling>) => [service(), primary, leaving(), comparison()];

    expect(planOf(facts(deployment(unnamed)))).toContain("does not name it as one to stop");
    expect(planOf(facts(rolling({ historyStatus: "SUCCESSFUL" })))).toContain("does not name it");
  });

  it("is none where ECS and the comparison would go to different ones", () => {
    expect(planOf([service(), rolling({ replaced: "shop:4" }), comparison()])).toBe(
      "The deployment of shop:7 replaced shop:4, but shop:6 is what last ran steadily.",
    );
  });

  it("is none for a forced one, which ECS would take back to the same task definition", () => {
    const forced = rolling({ forced: true, imageChanged: false, replaced: "shop:7" });

    expect(planOf([service(), forced, comparison()])).toContain("deployed over itself");
  });

  it.each([
    ["somebody asked for it", [rolling({ rollingBack: true })]],
    ["the history says so", [rolling({ historyStatus: "ROLLBACK_IN_PROGRESS" })]],
    ["it is being stopped", [rolling({ historyStatus: "STOP_REQUESTED" })]],
    ["it failed", [placed({ historyStatus: "ROLLBACK_FAILED" })]],
    [
      "the circuit breaker replaces a failed one",
      [rolling(), leaving({ rolloutState: "FAILED", failedTasks: 3 })],
    ],
  ])("is none while a rollback runs: %s", (_name, deployments) => {
    expect(planOf([service(), ...deployments, comparison()])).toMatch(/rolled back|replacing the failed/);
  });
});

describe("the names of task definitions", () => {
  it("are the same as an ARN and in short", () => {
    expect(sameDefinition("arn:aws:ecs:eu-west-1:1:task-definition/shop:6", "shop:6")).toBe(true);
    expect(sameDefinition("shop:6", "shop:60")).toBe(false);
    expect(sameDefinition("shop:6", "my-shop:6")).toBe(false);
  });
});
