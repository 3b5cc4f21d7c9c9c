import { describe, expect, it } from "vitest";
import { resolvedIncident } from "../../test/samples/incidents.ts";
import { OpsAgentError } from "../domain/errors.ts";
import type { Incident } from "../domain/incident.ts";
import { close, createStory, incidentId, openIncident } from "./incident-record.ts";
import { StageFailure } from "./stage-failure.ts";

const { alert, diagnosis, decision, actions, verification } = resolvedIncident();
const story = (...found: Partial<Incident>[]) => {
  const told = createStory(openIncident(alert, "rules"));
  for (const one of found) told.add(one);
  return told;
};
const statusOf = (...found: Partial<Incident>[]) => story(...found).incident.status;
const found = (given: Partial<Incident>) => given;

describe("an incident's id", () => {
  it("is readable, safe as a name, and the same for the same alert", () => {
    expect(incidentId(alert)).toMatch(/^inc-20261123t065959-[0-9a-f]{8}$/);
    expect(incidentId({ ...alert, receivedAt: "2026-11-24T00:00:00.000Z" })).toBe(incidentId(alert));
    expect(incidentId({ ...alert, key: "another" })).not.toBe(incidentId(alert));
  });
});

describe("an incident's status", () => {
  const act = found({ diagnosis, decision });
  const acted = found({ actions });

  it("is open at first, and resolved only once recovery is proven", () => {
    expect(statusOf()).toBe("open");
    expect(statusOf(act)).toBe("open");
    expect(statusOf(act, acted)).toBe("escalated");
    expect(statusOf(act, acted, found({ verification }))).toBe("resolved");
  });

  it.each(["unchanged", "worse", "unknown"] as const)("is escalated when verification says %s", (outcome) => {
    const told = story(act, acted, found({ verification: verification && { ...verification, outcome } }));

    expect(told.incident.status).toBe("escalated");
  });

  it("is escalated when nothing was changed, with the reason of the last step", () => {
    const [action] = actions;
    const nothing = action && {
      ...action,
      outcome: "nothing-changed" as const,
      steps: action.steps.map((step) => ({ ...step, detail: "AWS said no." })),
    };

    const { incident } = story(act, found({ actions: nothing ? [nothing] : [] }));

    expect(incident.status).toBe("escalated");
    expect(incident.summary).toContain("AWS said no.");
  });

  it("is observed when its question was withdrawn, and left to people when an alarm fired after that", () => {
    const at = "2026-11-23T07:10:00.000Z";
    const ask = { ...decision, kind: "ask", why: "It is a rollback." } as NonNullable<Incident["decision"]>;
    const withdrawn = { answer: { verdict: "withdrawn", at, note: "OK again." } } as Incident["approval"];
    const joinedAt = (time: string) => {
      const firedAt = "2026-11-23T07:00:00.000Z";
      const late = { key: "k", title: "errors", state: "ALARM", firedAt, joinedAt: time, kind: "joined" };
      return { joined: [late] } as unknown as Partial<Incident>;
    };
    const asked = { diagnosis, decision: ask, approval: withdrawn } as Partial<Incident>;

    expect(statusOf(asked)).toBe("observed");
    expect(statusOf(asked, joinedAt("2026-11-23T07:09:59.000Z"))).toBe("observed");
    const { incident } = story(asked, joinedAt("2026-11-23T07:10:01.000Z"));
    expect(incident.status).toBe("escalated");
    expect(incident.summary).toMatch(/OK again\. But errors fired at/);
  });

  it("is observed where only the mode stood in the way, else escalated", () => {
    const held: Extract<Incident["decision"], { kind: "decline" }> = {
      kind: "decline",
      cause: "oom-kill",
      confidence: { stated: 1, earned: 1, lowered: [] },
      trail: [{ rule: "mode", outcome: "refuse", reason: "Mode observe." }],
      action: "scale",
      reasons: ["Mode observe."],
    };
    const plan = { action: "scale", from: 2, to: 4 } as const;
    const target = { cluster: "production", service: "shop" };

    expect(statusOf({ decision: { ...held, wouldHave: { kind: "act", target, plan } } })).toBe("observed");
    expect(statusOf({ decision: held })).toBe("escalated");
  });

  it("stays failed, whatever is added afterwards", () => {
    const told = story(act);

    told.fail(new TypeError("boom"));
    told.add({ joined: [] });

    expect(told.incident).toMatchObject({ status: "failed", summary: expect.stringContaining("boom") });
  });

  it.each(["OK", "INSUFFICIENT_DATA"] as const)("is observed for a change to %s", (state) => {
    expect(createStory(openIncident({ ...alert, state }, "rules")).incident.status).toBe("observed");
  });

  it("is escalated where the alert has no usable target", () => {
    const { target: _, ...targetless } = alert;
    const { incident } = createStory(openIncident({ ...targetless, targetProblem: "Which one?" }, "rules"));

    expect(incident).toMatchObject({ status: "escalated", summary: "Which one?" });
  });

  it("is failed after a fault, with what was found and done before it", () => {
    const told = story(act, acted);

    told.fail(new StageFailure({ stage: "verify", code: "internal", message: "boom", remedy: "look" }));

    expect(told.incident).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("verify: boom"),
      failures: [{ stage: "verify", message: "boom" }],
      actions,
      diagnosis,
    });
  });

  it.each([
    [new OpsAgentError({ code: "store-failed", message: "disk full", remedy: "free it" }), "store-failed"],
    [new TypeError("x is undefined"), "internal"],
    ["just text", "internal"],
    [undefined, "internal"],
  ])("is failed after any thrown value: %s", (thrown, code) => {
    const told = story();

    told.fail(thrown);

    expect(told.incident).toMatchObject({ status: "failed", failures: [{ code }] });
    expect(told.incident.failures[0]?.remedy).not.toBe("");
  });
});

describe("a closed incident", () => {
  it("has the alert's arrival as the first entry of its timeline", () => {
    const entry = { at: alert.receivedAt, sinceMs: 5, event: "decided", detail: "act" };

    const { timeline } = close(openIncident(alert, "rules"), [entry]);

    expect(timeline.map(({ event, sinceMs }) => [event, sinceMs])).toEqual([
      ["alert-received", 0],
      ["decided", 5],
    ]);
  });
});
