/** Cases of a bad revision: one that is still being deployed, one that is in place. */
import type { FactOf } from "../../src/domain/evidence.ts";
import type { DecideInput } from "../../src/remediation/decide.ts";
import { type Draft, decideInput, deployment, diff, service, stops, task } from "./facts.ts";

export const DEPLOYMENT_ARN = "arn:aws:ecs:us-east-1:000000000000:service-deployment/production/shop/bad";

type DiffData = FactOf<"task-definition-diff">["data"];

/** `shop:6` ran steadily before `shop:7`. */
export function comparison(data: Partial<DiffData> = {}): Draft {
  const draft = diff();
  if (draft.kind !== "task-definition-diff") throw new Error("not a comparison");
  return { ...draft, data: { ...draft.data, base: "last-steady", fromStatus: "ACTIVE", ...data } };
}

export function ended(data: Partial<FactOf<"finished-deployment">["data"]> = {}): Draft {
  return {
    kind: "finished-deployment",
    provenance: "control-plane",
    statement: "a deployment ended",
    data: {
      id: "old",
      status: "SUCCESSFUL",
      taskDefinition: "shop:5",
      failedTasks: 0,
      circuitBreakerTriggered: false,
      ...data,
    },
  };
}

export function alarm(state: string, data: Partial<FactOf<"alarm">["data"]> = {}): Draft {
  return {
    kind: "alarm",
    provenance: "metric",
    statement: `the alarm is ${state}`,
    data: { name: "shop-errors", state, ...data },
  };
}

const bad = { secondsBeforeOnset: 120, replaced: "shop:6", forced: false, arn: DEPLOYMENT_ARN } as const;

/** The deployment that is over. */
export const placed = (data: Partial<FactOf<"deployment">["data"]> = {}) =>
  deployment({ ...bad, historyStatus: "SUCCESSFUL", ...data });

/** The deployment that goes on. */
export const rolling = (data: Partial<FactOf<"deployment">["data"]> = {}) =>
  deployment({
    ...bad,
    rolloutState: "IN_PROGRESS",
    historyStatus: "IN_PROGRESS",
    inProgress: true,
    failedTasks: 3,
    ...data,
  });

/** The one that is being replaced. */
export const leaving = (data: Partial<FactOf<"deployment">["data"]> = {}) =>
  deployment({ id: "ecs-svc/0", status: "ACTIVE", taskDefinition: "shop:6", ...data });

export const PLACED: readonly Draft[] = [
  stops("crashed"),
  service(),
  placed(),
  comparison(),
  task("a"),
  task("b"),
];

export const ROLLING: readonly Draft[] = [
  stops("crashed"),
  service(),
  rolling(),
  leaving(),
  comparison(),
  task("a"),
];

/** A case whose rollback a person is asked for under the default policy. */
export function rollbackInput(given: Parameters<typeof decideInput>[0] = {}): DecideInput {
  return decideInput({
    facts: PLACED,
    ...given,
    diagnosis: { cause: "bad-deploy", action: "rollback", ...given.diagnosis },
  });
}
