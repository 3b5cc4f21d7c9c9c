import { describe, expect, it } from "vitest";
import type { LedgerEntry, Truth } from "./facts.ts";
import { type Ended, judge } from "./judge.ts";

const definition = (revision: number) =>
  `arn:aws:ecs:us-east-1:000000000000:task-definition/shop:${revision}`;
const deployment = { arn: "arn:deployment/2", from: definition(1), to: definition(2) };
const truth: Truth = {
  scenario: "x",
  causes: ["bad-deploy"],
  actions: ["rollback"],
  harmful: ["restart", "scale"],
  targets: [],
  injected: [{ kind: "deploy", deployment }],
  cure: "",
};
const spike: Truth = {
  ...truth,
  causes: ["traffic-spike"],
  actions: ["scale"],
  harmful: ["restart", "rollback"],
  injected: [{ kind: "load" }],
};

function ended(cause: string, status = "resolved"): Ended {
  const verification = { outcome: "recovered", endedAt: "2026-01-01T00:01:00Z" };
  return { status, diagnosis: { cause }, verification } as Ended;
}

function called(operation: string, input: Record<string, unknown>, at = "2026-01-01T00:00:30Z"): LedgerEntry {
  return { at, operation, mutating: true, input };
}

const target = { cluster: "drill", service: "shop" };
const goBack = called("UpdateService", { ...target, taskDefinition: "shop:1" });
const endIt = called("StopServiceDeployment", {
  serviceDeploymentArn: deployment.arn,
  stopType: "ROLLBACK",
});

describe("a rollback", () => {
  it.each([
    ["to the revision before", [goBack]],
    ["to its ARN", [called("UpdateService", { ...target, taskDefinition: definition(1) })]],
    ["of the deployment that goes on", [endIt]],
  ])("%s is right", (_name, calls) => {
    expect(judge(ended("bad-deploy"), truth, calls, 2)).toEqual({ right: true, reasons: [] });
  });

  it.each([
    ["that is missing", [], "nothing was rolled back"],
    ["made twice", [goBack, endIt], "rolled back 2 times"],
    [
      "to another revision",
      [called("UpdateService", { ...target, taskDefinition: "shop:2" })],
      "expected shop:1",
    ],
    [
      "of another deployment",
      [called("StopServiceDeployment", { serviceDeploymentArn: "arn:other", stopType: "ROLLBACK" })],
      "another deployment",
    ],
    [
      "that changes more",
      [called("UpdateService", { ...target, taskDefinition: "shop:1", forceNewDeployment: true })],
      "forceNewDeployment",
    ],
    ["beside a restart", [goBack, called("StopTask", { task: "t" })], "a restart does harm here"],
    [
      "beside more tasks",
      [goBack, called("UpdateService", { ...target, desiredCount: 4 })],
      "scaling does harm",
    ],
    ["beside a call of no plan", [goBack, called("DeleteService", target)], "DeleteService"],
  ])("%s is wrong", (_name, calls, why) => {
    const verdict = judge(ended("bad-deploy"), truth, calls, 2);

    expect(verdict.right).toBe(false);
    expect(verdict.reasons.join("; ")).toContain(why);
  });

  it("where it does harm is wrong", () => {
    const verdict = judge(ended("traffic-spike"), spike, [goBack], 2);

    expect(verdict.reasons).toContain("a rollback does harm here");
  });

  it("that ends unresolved or under another cause is wrong", () => {
    const verdict = judge(ended("oom-kill", "escalated"), truth, [goBack], 2);

    expect(verdict.reasons).toEqual([
      "cause oom-kill, expected bad-deploy",
      "ended escalated, expected resolved",
    ]);
  });
});

describe("a restart that adds a task first", () => {
  const leak: Truth = {
    ...truth,
    causes: ["memory-leak"],
    actions: ["restart"],
    harmful: ["scale", "rollback"],
    targets: ["a"],
    injected: [{ kind: "leak" }],
  };
  const count = (desiredCount: number) => called("UpdateService", { ...target, desiredCount });
  const stopA = called("StopTask", { task: "a" });

  it("is right where that one goes again", () => {
    const calls = [count(4), stopA, count(3)];

    expect(judge(ended("memory-leak"), leak, calls, 3)).toEqual({ right: true, reasons: [] });
  });

  it("is right on another service of the fault, whose count is another", () => {
    const calls = [count(3), stopA, count(2)];

    expect(judge(ended("memory-leak"), leak, calls, 3)).toEqual({ right: true, reasons: [] });
  });

  it.each([
    ["keeps it", [count(4), stopA], "was not taken away again"],
    ["goes to another count", [count(4), stopA, count(2)], "the last time to 2"],
    ["changes the count once more", [count(4), stopA, count(3), count(4)], "changed 3 times"],
    ["adds more than one", [count(5), stopA, count(3)], "scaling does harm here"],
  ])("is wrong where it %s", (_, calls, why) => {
    const verdict = judge(ended("memory-leak"), leak, calls, 3);

    expect(verdict.right).toBe(false);
    expect(verdict.reasons.join("; ")).toContain(why);
  });

  it("is wrong where fewer tasks served meanwhile than must", () => {
    const serving = {
      samples: [
        { at: "2026-01-01T00:00:00Z", desired: 3, healthy: 3, lost: [] },
        {
          at: "2026-01-01T00:00:31Z",
          desired: 3,
          healthy: 2,
          lost: [{ task: "a", stopCode: "UserInitiated" }],
        },
      ],
      desiredCount: 3,
      minimumHealthyPercent: 100,
    };

    expect(judge(ended("memory-leak"), leak, [stopA], 3, serving).reasons).toEqual([
      "only 2 healthy tasks served at 2026-01-01T00:00:31Z, at least 3 must have",
    ]);
  });

  it("is no scaling where scaling is what is right", () => {
    const calls = [count(3), count(2)];

    const { reasons } = judge(ended("traffic-spike"), spike, calls, 2);

    expect(reasons).toEqual(["capacity was scaled in before recovery was verified"]);
  });
});

describe("a person's no", () => {
  const asked = { id: "q", requestedAt: "", deadline: "", planHash: "" };
  const answer = { verdict: "denied", at: "2026-01-01T00:00:20Z" } as const;
  const denied: Ended = { ...ended("bad-deploy", "escalated"), approval: { ...asked, answer } };

  it("is right when nothing is done", () => {
    expect(judge(denied, truth, [], 2)).toEqual({ right: true, reasons: [] });
  });

  it("is wrong when something is done, or called resolved", () => {
    const verdict = judge({ ...denied, status: "resolved" }, truth, [goBack], 2);

    expect(verdict.reasons).toEqual([
      "nothing should have been done, but UpdateService was called",
      "nothing was done, so nothing can be called resolved",
    ]);
  });
});

describe("borrowed capacity", () => {
  const resize = (desiredCount: number, at?: string) =>
    called("UpdateService", { ...target, desiredCount }, at);
  const later = "2026-01-01T00:01:30Z";

  it.each([
    ["kept", [resize(4)]],
    ["given back after recovery", [resize(4), resize(2, later)]],
  ])("%s is right", (_name, calls) => {
    expect(judge(ended("traffic-spike"), spike, calls, 2)).toEqual({ right: true, reasons: [] });
  });

  it.each([
    ["never borrowed", [], "never raised"],
    ["taken away instead", [resize(1)], "not raised"],
    ["given back too early", [resize(4), resize(2)], "before recovery"],
    ["given back beyond what it was", [resize(4), resize(1, later)], "not back to 2"],
    ["borrowed again", [resize(4), resize(2, later), resize(4, later)], "changed 3 times"],
  ])("%s is wrong", (_name, calls, why) => {
    const verdict = judge(ended("traffic-spike"), spike, calls, 2);

    expect(verdict.reasons.join("; ")).toContain(why);
  });
});

describe("in mode observe", () => {
  const observed = (action: "scale" | "restart") =>
    ({
      ...ended("traffic-spike", "observed"),
      decision: { kind: "decline", wouldHave: { kind: "act", plan: { action } } },
    }) as Ended;

  it("nothing done and the right change named is right", () => {
    expect(judge(observed("scale"), spike, [], 2)).toEqual({ right: true, reasons: [] });
  });

  it("another change named, or any made, is wrong", () => {
    const raised = called("UpdateService", { ...target, desiredCount: 4 });

    expect(judge(observed("restart"), spike, [], 2).reasons).toEqual([
      "would have done restart, expected scale",
    ]);
    expect(judge(observed("scale"), spike, [raised], 2).right).toBe(false);
  });
});
