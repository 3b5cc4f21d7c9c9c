import { describe, expect, it } from "vitest";
import {
  ago,
  BUSY,
  type Draft,
  deployment,
  gap,
  limits,
  NOW,
  packOf,
  past,
  policyOf,
  SICK,
  service,
  TARGET,
  task,
  taskArn,
  unhealthyTarget,
} from "../../test/samples/facts.ts";
import type { FactOf, Gap } from "../domain/evidence.ts";
import { Policy } from "../domain/policy.ts";
import { type GuardrailContext, judgeAll } from "./guardrail.ts";
import { modeInForce } from "./guardrails/mode.ts";
import { PERMISSION_GUARDRAILS } from "./guardrails/permission-guardrails.ts";
import { SAFETY_GUARDRAILS } from "./guardrails/safety-guardrails.ts";

const RULES = [...PERMISSION_GUARDRAILS, ...SAFETY_GUARDRAILS];

const stop = (...ids: string[]): GuardrailContext["plan"] => ({
  action: "restart",
  tasks: ids.map((id) => ({ taskArn: taskArn(id), taskId: id, why: "sick" })),
});
const surging = (id: string): GuardrailContext["plan"] => ({
  action: "restart",
  tasks: [{ taskArn: taskArn(id), taskId: id, why: "sick" }],
  surge: { from: 3, to: 4, keep: 3 },
});
const scaleTo = (from: number, to: number): GuardrailContext["plan"] => ({ action: "scale", from, to });

type Given = Partial<GuardrailContext> & { facts?: readonly Draft[]; gaps?: readonly Gap[] };

function judge(name: string, { facts = SICK, gaps = [], ...given }: Given = {}) {
  const rule = RULES.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`There is no guardrail "${name}".`);
  const [result] = judgeAll([rule], {
    target: TARGET,
    cause: "oom-kill",
    plan: stop("a"),
    evidence: packOf(facts, gaps),
    policy: policyOf(),
    ceiling: "auto",
    history: [],
    pauses: [],
    now: NOW,
    ...given,
  });
  return result;
}

const outcome = (name: string, given?: Given) => judge(name, given)?.outcome;
const without = (kind: Draft["kind"]) => SICK.filter((draft) => draft.kind !== kind);

describe("every guardrail", () => {
  it("has a name of its own", () => {
    expect(new Set(RULES.map((rule) => rule.name)).size).toBe(RULES.length);
  });

  it.each(RULES.map((rule) => rule.name))("%s passes in the ordinary case", (name) => {
    expect(outcome(name, { plan: surging("a") })).toBe("pass");
    expect(outcome(name, { facts: BUSY, plan: scaleTo(3, 5), cause: "traffic-spike" })).toBe("pass");
  });

  it.each(RULES.map((rule) => rule.name))("%s refuses when it cannot be evaluated", (name) => {
    const broken = new Proxy({} as GuardrailContext, {
      get: () => {
        throw new Error("the disk is on fire");
      },
    });

    const [result] = judgeAll(
      RULES.filter((rule) => rule.name === name),
      broken,
    );

    expect(result).toEqual({
      rule: name,
      outcome: "refuse",
      reason: "This rule could not be evaluated, so it refuses: the disk is on fire",
    });
  });
});

describe("kill-switch", () => {
  it("refuses everything while it is on", () => {
    expect(outcome("kill-switch", { policy: policyOf({ killSwitch: true }) })).toBe("refuse");
  });
});

describe("policy-names", () => {
  const frozen = [{ from: "2026-11-27T00:00:00Z", to: "2026-11-28T00:00:00Z", services: ["billing"] }];
  const policy = policyOf({
    services: { payments: { protected: true }, shop: {} },
    freezes: frozen,
  } as never);
  const judged = (absentNames: readonly string[] | "unreadable" | undefined, given = policy) =>
    outcome("policy-names", { policy: given, absentNames });

  it("refuses everywhere while a protected or frozen name is no service of the cluster", () => {
    expect(judged([])).toBe("pass");
    expect(judged(["payments"])).toBe("refuse");
    expect(judged(["billing"])).toBe("refuse");
    expect(judged(["payments", "billing"])).toBe("refuse");
    expect(judged(["shop"])).toBe("pass");
  });

  it("refuses where the cluster could not be read", () => {
    expect(judged("unreadable")).toBe("refuse");
    expect(judged("unreadable", policyOf())).toBe("pass");
  });

  it("lets names be missing that the policy says may be", () => {
    const expected = policyOf({ ...policy, absentServices: ["payments", "billing"] } as never);

    expect(judged(["payments", "billing"], expected)).toBe("pass");
    expect(judged("unreadable", expected)).toBe("pass");
  });
});

describe("protected-service", () => {
  const policy = policyOf({ services: { shop: { protected: true }, cart: { protected: false } } });

  it("refuses a protected service and no other", () => {
    expect(outcome("protected-service", { policy })).toBe("refuse");
    expect(outcome("protected-service", { policy, target: { ...TARGET, service: "cart" } })).toBe("pass");
    expect(outcome("protected-service", { policy, target: { ...TARGET, service: "constructor" } })).toBe(
      "pass",
    );
  });

  it.each([
    ["services: Shop", { services: { Shop: { protected: true } } }],
    ["services: s-hop, observed", { services: { "s-hop": { modes: { restart: "observe" } } } }],
    [
      "freezes: SHOP_",
      { freezes: [{ from: "2026-11-27T00:00:00Z", to: "2026-11-28T00:00:00Z", services: ["SHOP_"] }] },
    ],
  ] as const)("refuses where the policy names the service almost right: %s", (_, written) => {
    const named = policyOf({ ...written, services: "services" in written ? written.services : {} } as never);

    expect(outcome("protected-service", { policy: named })).toBe("refuse");
    expect(outcome("protected-service", { policy: named, target: { ...TARGET, service: "cart" } })).toBe(
      "pass",
    );
    const both = policyOf({ ...written, services: { ...named.services, shop: {} } } as never);
    expect(outcome("protected-service", { policy: both })).toBe("pass");
  });
});

describe("mode", () => {
  it.each([
    ["observe", "refuse"],
    ["approve", "ask"],
    ["auto", "pass"],
  ] as const)("%s: %s", (mode, expected) => {
    expect(outcome("mode", { policy: policyOf({ modes: { restart: mode } }) })).toBe(expected);
    expect(outcome("mode", { ceiling: mode })).toBe(expected);
  });

  it("is the service's own where it has one, for that action only", () => {
    const policy = policyOf({ services: { shop: { modes: { restart: "observe" } } } });

    expect(outcome("mode", { policy })).toBe("refuse");
    expect(outcome("mode", { policy, plan: scaleTo(3, 5) })).toBe("pass");
    expect(outcome("mode", { policy, target: { ...TARGET, service: "cart" } })).toBe("pass");
  });

  it("lets a service be stricter or looser than the policy, but nothing above the ceiling", () => {
    const policy = policyOf({
      modes: { restart: "observe" },
      services: { shop: { modes: { restart: "auto" } } },
    });

    expect(modeInForce(policy, "auto", "shop", "restart")).toBe("auto");
    expect(modeInForce(policy, "approve", "shop", "restart")).toBe("approve");
    expect(modeInForce(policy, "auto", "cart", "restart")).toBe("observe");
  });

  it.each([
    ["without a policy", {}],
    ["where the policy names another action", { modes: { scale: "auto" } }],
  ])("changes nothing %s", (_, keys) => {
    const policy = Policy.parse(keys);

    expect(outcome("mode", { policy })).toBe("refuse");
    expect(modeInForce(policy, "auto", "x", "rollback")).toBe("observe");
  });

  it.each([
    [{}, "auto", "set modes.restart in the policy to approve or auto"],
    [
      { services: { shop: { modes: { restart: "observe" } } } },
      "auto",
      "set services.shop.modes.restart in the policy to approve or auto",
    ],
    [{}, "observe", "set modes.restart in the policy and OPSAGENT_MODE to approve or auto"],
    [{ modes: { restart: "auto" } }, "observe", "To allow it, set OPSAGENT_MODE to approve or auto"],
  ] as const)("says what to change to allow it: %j under %s", (keys, ceiling, words) => {
    expect(judge("mode", { policy: Policy.parse(keys), ceiling })?.reason).toContain(words);
  });
});

describe("freeze-window", () => {
  const frozen = (from: string, to: string, services?: string[]) =>
    policyOf({ freezes: [{ from, to, reason: "Black Friday", ...(services ? { services } : {}) }] });

  it("refuses inside the window, from its first instant to before its last", () => {
    const window = frozen(NOW, "2026-11-23T08:00:00Z");

    expect(judge("freeze-window", { policy: window })).toMatchObject({
      outcome: "refuse",
      reason: "A freeze is in force until 2026-11-23T08:00:00Z: Black Friday.",
    });
    expect(outcome("freeze-window", { policy: window, now: ago(0.001) })).toBe("pass");
    expect(outcome("freeze-window", { policy: window, now: "2026-11-23T08:00:00.000Z" })).toBe("pass");
  });

  it("understands offsets", () => {
    const policy = frozen("2026-11-23T08:30:00+02:00", "2026-11-23T09:30:00+02:00");

    expect(outcome("freeze-window", { policy })).toBe("refuse");
  });

  it("concerns only the services it names", () => {
    const window = (services: string[]) => frozen(ago(60), ago(-60), services);

    expect(outcome("freeze-window", { policy: window(["shop"]) })).toBe("refuse");
    expect(outcome("freeze-window", { policy: window(["cart"]) })).toBe("pass");
  });

  it("refuses when the time is not readable", () => {
    expect(outcome("freeze-window", { policy: frozen(ago(60), ago(-60)), now: "soon" })).toBe("refuse");
  });
});

describe("cooldown", () => {
  it("refuses within it and passes after it", () => {
    expect(outcome("cooldown", { history: [past({ at: ago(599) })] })).toBe("refuse");
    expect(outcome("cooldown", { history: [past({ at: ago(600) })] })).toBe("pass");
  });

  it("refuses after an action in the future: a clock was set back", () => {
    expect(outcome("cooldown", { history: [past({ at: ago(-3600) })] })).toBe("refuse");
  });

  it("looks at this service of this cluster only", () => {
    const elsewhere = [past({ at: ago(1), service: "cart" }), past({ at: ago(1), cluster: "staging" })];

    expect(outcome("cooldown", { history: elsewhere })).toBe("pass");
  });

  it("refuses when the time of a past action is not readable", () => {
    expect(outcome("cooldown", { history: [past({ at: "yesterday" })] })).toBe("refuse");
  });
});

describe("action-budget", () => {
  const used = (count: number, seconds = 1800) =>
    Array.from({ length: count }, (_, index) => past({ incidentId: `inc-${index}`, at: ago(seconds) }));

  it("turns auto into approve when it is used up", () => {
    expect(outcome("action-budget", { history: used(2) })).toBe("pass");
    expect(outcome("action-budget", { history: used(3) })).toBe("ask");
    expect(outcome("action-budget", { history: used(9, 3600) })).toBe("pass");
  });

  it("of 0 always asks", () => {
    expect(outcome("action-budget", { policy: policyOf({ limits: { actionsPerHour: 0 } }) })).toBe("ask");
  });
});

describe("no-repeat-of-unverified-action", () => {
  const name = "no-repeat-of-unverified-action";

  it("refuses the same action within 24 hours of its failure", () => {
    expect(outcome(name, { history: [past({ verified: false })] })).toBe("refuse");
    expect(outcome(name, { history: [past({ verified: false, at: ago(24 * 3600) })] })).toBe("pass");
  });

  it("passes after the failure of an action that rested on nothing that AWS says", () => {
    expect(outcome(name, { history: [past({ verified: false, restedOn: [] })] })).toBe("pass");
    expect(outcome(name, { history: [past({ verified: false, restedOn: ["metric memory"] })] })).toBe(
      "refuse",
    );
  });

  it("passes after a success, and for another action", () => {
    expect(outcome(name, { history: [past({ verified: true })] })).toBe("pass");
    expect(outcome(name, { history: [past({ verified: false, action: "scale" })] })).toBe("pass");
  });
});

describe("blast-radius", () => {
  const others = (count: number, seconds = 60) =>
    Array.from({ length: count }, (_, index) => past({ service: `other-${index}`, at: ago(seconds) }));

  it("refuses once enough other services were acted on", () => {
    expect(outcome("blast-radius", { history: others(4) })).toBe("pass");
    expect(outcome("blast-radius", { history: others(5) })).toBe("refuse");
    expect(outcome("blast-radius", { history: others(50, 600) })).toBe("pass");
  });

  it("counts a service once, and the service itself not at all", () => {
    const many = [...others(4), ...others(4), ...Array.from({ length: 9 }, () => past({ at: ago(1) }))];

    expect(outcome("blast-radius", { history: many })).toBe("pass");
  });

  it("refuses when the time of any past action is not readable", () => {
    expect(outcome("blast-radius", { history: [past({ service: "cart", at: "?" })] })).toBe("refuse");
  });
});

describe.each([
  ["service-active", { status: "DRAINING" }, "The service is DRAINING."],
  ["deployment-controller", { controller: "ARGO" }, "The deployment controller is ARGO"],
] as const)("%s", (name, data, reason) => {
  it("refuses what is otherwise", () => {
    const facts = [...without("service"), service(data)];

    expect(judge(name, { facts })).toMatchObject({
      outcome: "refuse",
      reason: expect.stringContaining(reason),
    });
  });

  it("refuses when the service could not be read", () => {
    expect(outcome(name, { facts: without("service") })).toBe("refuse");
  });
});

describe("no-deployment-running", () => {
  it("refuses while any deployment is in progress", () => {
    const facts = [...SICK, deployment({ id: "ecs-svc/2", inProgress: true })];

    expect(judge("no-deployment-running", { facts })).toMatchObject({
      outcome: "refuse",
      reason: "Deployment ecs-svc/2 is running; acting now would interfere.",
    });
  });

  it("refuses when no deployment could be read", () => {
    expect(outcome("no-deployment-running", { facts: without("deployment") })).toBe("refuse");
  });
});

describe("healthy-floor", () => {
  const three = (...extra: Draft[]) => [
    service({ minimumHealthyPercent: 100 }),
    deployment(),
    task("a"),
    task("b"),
    task("c"),
    ...extra,
  ];

  it("passes below the floor only where one task is added first, within every bound", () => {
    const plan = surging("a");

    expect(judge("healthy-floor", { facts: three(), plan })).toEqual({
      rule: "healthy-floor",
      outcome: "pass",
      reason: "One task is added first (3 to 4), so that at least 3 keep serving.",
    });
    expect(outcome("scale-bounds", { facts: three(), plan })).toBe("pass");
  });

  it.each([
    ["without the task that has to come first", undefined],
    ["with a surge that keeps too few", { from: 3, to: 4, keep: 2 }],
    ["with a surge from another count", { from: 2, to: 3, keep: 3 }],
  ])("refuses a plan %s", (_, surge) => {
    const plan = { ...stop("a"), ...(surge && { surge }) } as GuardrailContext["plan"];

    expect(outcome("healthy-floor", { facts: three(), plan })).toBe("refuse");
  });

  it.each<[string, readonly Draft[], Given]>([
    ["autoscaling's maximum", [limits(1, 3)], {}],
    ["the policy's", [], { policy: policyOf({ limits: { maxTasks: 3 } }) }],
    ["bounds that could not be read", [], { gaps: [gap("scaling")] }],
  ])("asks where %s leave no room for one more, and says what to change", (_, facts, given) => {
    const judged = judge("healthy-floor", { facts: three(...facts), ...given });

    expect(judged?.outcome).toBe("ask");
    expect(judged?.reason).toMatch(
      /^Stopping a task would leave 2 serving, below the floor of 3 .*: (autoscaling|the policy|the limits).*(Raise|Allow)/,
    );
  });

  it("passes when enough keep serving", () => {
    const facts = [service({ minimumHealthyPercent: 50 }), ...three().slice(1)];

    expect(outcome("healthy-floor", { facts })).toBe("pass");
  });

  it("passes for a task that serves nothing", () => {
    const facts = three(unhealthyTarget("a"));

    expect(outcome("healthy-floor", { facts })).toBe("pass");
    expect(
      outcome("healthy-floor", {
        facts: [
          ...three().filter((draft) => draft.kind !== "running-task"),
          task("a", { health: "UNHEALTHY" }),
          task("b"),
        ],
      }),
    ).toBe("pass");
  });

  it("never stops the last task that serves without another first, sick as it may be", () => {
    const facts = three(unhealthyTarget("b"), unhealthyTarget("c"));

    expect(outcome("healthy-floor", { facts })).toBe("refuse");
    expect(outcome("healthy-floor", { facts: [service({ desired: 1, running: 1 }), task("a")] })).toBe(
      "refuse",
    );
  });

  it("does not count tasks that start or leave as serving", () => {
    const facts = three(
      unhealthyTarget("b", { state: "draining" }),
      unhealthyTarget("c", { state: "initial" }),
    );

    expect(outcome("healthy-floor", { facts })).toBe("refuse");
  });

  it.each(["target-health", "target-groups"])("refuses when %s could not be read", (source) => {
    expect(outcome("healthy-floor", { gaps: [gap(source)] })).toBe("refuse");
  });

  it("refuses when the service could not be read", () => {
    expect(outcome("healthy-floor", { facts: without("service") })).toBe("refuse");
  });

  it("does not concern scaling", () => {
    expect(outcome("healthy-floor", { facts: [], plan: scaleTo(3, 5) })).toBe("pass");
  });
});

describe("restart-share", () => {
  it("refuses more tasks than allowed", () => {
    expect(outcome("restart-share", { plan: stop("a", "b", "c") })).toBe("pass");
    expect(outcome("restart-share", { plan: stop("a", "b", "c", "d") })).toBe("refuse");
  });

  it("refuses when the service could not be read", () => {
    expect(outcome("restart-share", { facts: without("service") })).toBe("refuse");
  });
});

describe("scale-bounds", () => {
  const scale = (from: number, to: number, given: Given = {}) =>
    outcome("scale-bounds", { facts: BUSY, plan: scaleTo(from, to), ...given });

  it("refuses above the policy's maximum, above its step and outside autoscaling's bounds", () => {
    expect(scale(3, 5)).toBe("pass");
    expect(scale(3, 6)).toBe("refuse");
    expect(scale(9, 11)).toBe("refuse");
    expect(scale(19, 21, { facts: [] })).toBe("refuse");
    expect(scale(0, 1, { facts: [limits(2, 10)] })).toBe("refuse");
  });

  it("passes without autoscaling, but refuses when its limits could not be read", () => {
    const facts = BUSY.filter((draft) => draft.kind !== "scaling-limits");

    expect(scale(3, 5, { facts })).toBe("pass");
    expect(scale(3, 5, { facts, gaps: [gap("scaling", false)] })).toBe("refuse");
  });
});

describe("alarm-target", () => {
  const saying = (field: FactOf<"trigger-difference">["data"]["field"]) =>
    judge("alarm-target", {
      facts: [
        ...SICK,
        {
          kind: "trigger-difference",
          provenance: "trigger",
          statement: "The message says otherwise than AWS.",
          data: { field, message: "shop", aws: "reports" },
        },
      ],
    });

  it.each(["service", "cluster", "region", "account"] as const)("refuses an alarm of another %s", (field) => {
    expect(saying(field)).toEqual({
      rule: "alarm-target",
      outcome: "refuse",
      reason: `The alarm is about ${field} reports in AWS, and the message is about shop.`,
    });
  });

  it.each(["threshold", "state", "alarm", "value"] as const)("passes where only the %s differs", (field) => {
    expect(saying(field)?.outcome).toBe("pass");
  });
});

describe("autoscaling-settled", () => {
  const scale = (seconds: number, status = "Successful", given: Given = {}) =>
    outcome("autoscaling-settled", {
      facts: [...BUSY, scaled(seconds, status)],
      plan: scaleTo(3, 5),
      ...given,
    });

  it("refuses to add tasks where autoscaling has just changed the count itself", () => {
    expect(scale(20)).toBe("refuse");
    expect(scale(299, "InProgress")).toBe("refuse");
    expect(scale(301)).toBe("pass");
    expect(scale(20, "Failed")).toBe("pass");
    expect(scale(20, "Successful", { plan: stop("a") })).toBe("pass");
  });

  it("lets a person decide where a restart would add a task then", () => {
    expect(scale(20, "Successful", { plan: surging("a") })).toBe("ask");
    expect(scale(301, "Successful", { plan: surging("a") })).toBe("pass");
  });

  it("refuses to add tasks on autoscaling's own alarm, unless autoscaling is suspended", () => {
    const own = (scaling: "out" | "in", suspended = false, other = false): Draft[] => [
      ...BUSY.filter(({ kind }) => kind !== "scaling-limits"),
      { ...limits(1, 10), data: { min: 1, max: 10, suspended } } as Draft,
      {
        kind: "alarm",
        provenance: "metric",
        statement: "the alarm",
        data: { name: "TargetTracking", state: "ALARM", scaling, ...(other ? { other } : {}) },
      },
    ];
    const onAlarm = (...given: Parameters<typeof own>) =>
      outcome("autoscaling-settled", { facts: own(...given), plan: scaleTo(3, 5) });

    expect(onAlarm("out")).toBe("refuse");
    expect(onAlarm("in")).toBe("refuse");
    expect(onAlarm("in", true)).toBe("refuse");
    expect(onAlarm("out", true)).toBe("pass");
    expect(onAlarm("out", false, true)).toBe("pass");
  });

  it("refuses where what autoscaling did could not be read, unless the policy tolerates that", () => {
    const gaps = [gap("scaling-activities", false)];

    expect(scale(900, "Successful", { gaps })).toBe("refuse");
    expect(
      scale(900, "Successful", { gaps, policy: policyOf({ tolerateGaps: ["scaling-activities"] }) }),
    ).toBe("pass");
  });
});

function scaled(secondsAgo: number, status: string): Draft {
  return {
    kind: "scaling-activity",
    provenance: "control-plane",
    at: ago(secondsAgo),
    statement: `Autoscaling (${status}): Setting desired count to 3.`,
    data: { description: "Setting desired count to 3.", cause: "", status },
  };
}
