import { describe, expect, it } from "vitest";
import { NOW, policyOf } from "../../test/samples/facts.ts";
import type { Mode } from "../domain/policy.ts";
import { approvalsText, limitsText, permissionsText } from "./policy-text.ts";
import { warningsOf } from "./policy-warnings.ts";

const pathsOf = (keys: unknown, ceiling: Mode | undefined = "auto") =>
  warningsOf(policyOf(keys), { ceiling, now: NOW }).map(({ path }) => path.join("."));

describe("warnings of a policy", () => {
  it("are none for the default one", () => {
    expect(pathsOf({})).toEqual([]);
  });

  it.each([
    ["a rollback that nobody is asked for", { modes: { rollback: "auto" } }, "modes.rollback"],
    [
      "such a rollback of one service",
      { services: { shop: { modes: { rollback: "auto" } } } },
      "services.shop.modes.rollback",
    ],
    ["a threshold below even odds", { limits: { confidenceThreshold: 0.49 } }, "limits.confidenceThreshold"],
    [
      "a threshold that nothing reaches",
      { limits: { confidenceThreshold: 1 } },
      "limits.confidenceThreshold",
    ],
    ["a step above the maximum", { limits: { maxTasks: 2, scaleStep: 3 } }, "limits.maxTasks"],
    ["no cooldown", { limits: { cooldownMinutes: 0 } }, "limits.cooldownMinutes"],
    ["no actions", { limits: { actionsPerHour: 0 } }, "limits.actionsPerHour"],
    ["the kill switch", { killSwitch: true }, "killSwitch"],
    ["questions that nobody may answer", { approvals: { cliUsers: [] } }, "approvals"],
    [
      "a namespace that is trusted anyway",
      { trustedNamespaces: ["Vetted", "AWS/ECS"] },
      "trustedNamespaces.1",
    ],
    [
      "a namespace that applications can write",
      { trustedNamespaces: ["ECS/ContainerInsights"] },
      "trustedNamespaces.0",
    ],
    ["an alarm that need not be read", { tolerateGaps: ["logs", "alarm"] }, "tolerateGaps.1"],
    [
      "a freeze in the past",
      { freezes: [{ from: "2026-11-01T00:00:00Z", to: "2026-11-23T07:00:00Z" }] },
      "freezes.0",
    ],
    [
      "a freeze of no service",
      { freezes: [{ from: "2026-11-01T00:00:00Z", to: "2027-01-01T00:00:00Z", services: [] }] },
      "freezes.0",
    ],
    ["a pattern for all alarms", { alarms: [{ pattern: "**", service: "shop" }] }, "alarms.0.pattern"],
  ])("name %s", (_, keys, path) => {
    expect(pathsOf(keys)).toEqual([path]);
  });

  it("name patterns that an earlier one hides", () => {
    const alarms = ["a-*", "a-*", "*", "b-*"].map((pattern) => ({ pattern, service: "shop" }));

    expect(pathsOf({ alarms })).toEqual(["alarms.1.pattern", "alarms.2.pattern", "alarms.3.pattern"]);
  });

  it.each([
    ["limits just inside", { limits: { confidenceThreshold: 0.5, maxTasks: 2, scaleStep: 2 } }],
    [
      "a freeze that is in force",
      { freezes: [{ from: "2026-11-01T00:00:00Z", to: "2026-11-23T07:00:01Z" }] },
    ],
    ["questions that Slack answers", { approvals: { cliUsers: [], slackUsers: ["U1"] } }],
    ["questions that HTTP answers", { approvals: { cliUsers: [], httpClients: ["pager"] } }],
    [
      "nobody to answer where nothing is done",
      { approvals: { cliUsers: [] }, modes: { restart: "observe", scale: "observe", rollback: "observe" } },
    ],
  ])("are none for %s", (_, keys) => {
    expect(pathsOf(keys)).toEqual([]);
  });

  it("tell of a ceiling, and of one that makes questions nobody may answer", () => {
    const modes = { restart: "auto", scale: "auto", rollback: "observe" };

    expect(pathsOf({}, "observe")).toEqual([""]);
    expect(pathsOf({ modes, approvals: { cliUsers: [] } }, "approve")).toEqual(["", "approvals"]);
    expect(pathsOf({ approvals: { cliUsers: [] } }, "observe")).toEqual([""]);
    expect(pathsOf({}, undefined)).toEqual([]);
  });
});

describe("a policy in words", () => {
  it("says what is permitted, and where a service differs", () => {
    const policy = policyOf({
      modes: { scale: "approve" },
      services: { pay: { protected: true }, shop: { modes: { restart: "observe", scale: "approve" } } },
    });

    expect(permissionsText(policy, "auto", NOW)).toEqual([
      "restart   acts by itself",
      "scale     asks a person",
      "rollback  asks a person",
      "restart   only says what it would do on shop",
      "never on  pay (protected)",
    ]);
  });

  it("names the next freeze to begin, of any service", () => {
    const weekend = { from: "Fri 16:00", to: "Mon 08:00", timeZone: "Europe/Berlin", services: ["cart"] };
    const past = { from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z" };

    expect(permissionsText(policyOf({ freezes: [past, weekend] }), "auto", NOW)).toContain(
      "never in  2 freezes: the next to begin is from 2026-11-27T15:00:00.000Z to 2026-11-30T07:00:00.000Z, every week from Fri 16:00 to Mon 08:00 (Europe/Berlin)",
    );
    expect(permissionsText(policyOf({ freezes: [past] }), "auto", NOW)).toContain(
      "never in  1 freeze: none begins any more",
    );
  });

  it("is held down by the ceiling", () => {
    expect(permissionsText(policyOf(), "observe", NOW).join()).not.toMatch(/acts by itself|asks/);
    expect(permissionsText(policyOf(), "approve", NOW).join()).not.toContain("acts by itself");
  });

  it("says every limit and who may answer", () => {
    const limits = limitsText(policyOf({ limits: { maxTasks: 7, cooldownMinutes: 1 } })).join(" ");

    for (const part of ["above 0.75", "3 tasks", "to 7", "1 minute ", "3 actions", "5 services"])
      expect(limits).toContain(part);
    expect(approvalsText(policyOf({ approvals: { cliUsers: [], slackUsers: ["U1", "U2"] } }))).toBe(
      "Answered through Slack (U1, U2); no answer within 30 minutes means no.",
    );
    expect(approvalsText(policyOf({ approvals: { cliUsers: [] } }))).toMatch(/^Nobody may answer/);
  });
});
