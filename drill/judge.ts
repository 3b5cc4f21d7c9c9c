/** Judges whether the incident ended as it should, by the sandbox's record of calls, not by the agent's report. */
import type { Incident } from "../src/domain/incident/incident.ts";
import type { LedgerEntry, Truth } from "./facts.ts";
import { fellBelow, type Serving } from "./serving.ts";

export interface Verdict {
  readonly right: boolean;
  readonly reasons: readonly string[];
}

/** The fields of an incident that are compared with the truth. */
export type Ended = Pick<Incident, "status" | "diagnosis" | "decision" | "verification" | "approval">;

/** How an incident ended, whoever handled it. Times are ISO 8601. */
export interface JudgedEnd {
  readonly status: string;
  readonly cause: string;
  /** A person denied, or did not answer: the right end is then that nothing is done. */
  readonly refused: boolean;
  /**
   * In mode observe, the action that would have been taken. The right end is that nothing is done, and the right
   * action reported.
   */
  readonly withheld?: string | undefined;
  /** When recovery was verified. */
  readonly recoveredAt?: string | undefined;
}

/** Errors by kind. */
export interface Faults {
  readonly cause: readonly string[];
  readonly action: readonly string[];
  readonly harm: readonly string[];
}

/** The mutating calls that arrived, by kind. */
interface Calls {
  readonly stops: readonly string[];
  readonly resizes: readonly LedgerEntry[];
  /** Of a restart that adds one task first: the task more, and that it goes again. */
  readonly surge: readonly LedgerEntry[];
  readonly rollbacks: readonly LedgerEntry[];
  readonly others: readonly LedgerEntry[];
}

/**
 * Compares an incident and the mutating calls that arrived with the truth of the fault. `desiredBefore` is the
 * service's desired count before the injection.
 */
export function judge(
  incident: Ended,
  truth: Truth,
  ledger: readonly LedgerEntry[],
  desiredBefore: number,
  serving?: Serving,
): Verdict {
  const { cause, action, harm } = faultsOf(endOf(incident), truth, ledger, desiredBefore);
  const fell = serving === undefined ? [] : fellBelow(serving, ledger);
  const reasons = [...cause, ...action, ...harm, ...fell];
  return { right: reasons.length === 0, reasons };
}

/** The same by kind, for any agent's incident. */
export function faultsOf(
  end: JudgedEnd,
  truth: Truth,
  ledger: readonly LedgerEntry[],
  desiredBefore: number,
): Faults {
  const calls = sort(
    ledger.filter((entry) => entry.mutating),
    truth,
    desiredBefore,
  );
  const nothingDone = !ledger.some((entry) => entry.mutating);
  const nothingIsRight =
    truth.actions.every((action) => action === "none") ||
    (truth.actions.includes("none") && nothingDone) ||
    end.refused ||
    end.withheld !== undefined;
  return {
    cause: truth.causes.includes(end.cause)
      ? []
      : [`cause ${end.cause}, expected ${truth.causes.join(" or ")}`],
    action: nothingIsRight
      ? [...nothingWrong(end, ledger), ...planWrong(end.withheld, truth)]
      : actionsWrong(end, truth, calls, desiredBefore),
    harm: harmDone(truth, calls),
  };
}

function endOf({ status, diagnosis, decision, verification, approval }: Ended): JudgedEnd {
  const verdict = approval?.answer?.verdict;
  return {
    status,
    cause: diagnosis?.cause ?? "none",
    refused: verdict === "denied" || verdict === "expired",
    withheld: decision?.kind === "decline" ? decision.wouldHave?.plan.action : undefined,
    recoveredAt: verification?.outcome === "recovered" ? verification.endedAt : undefined,
  };
}

function sort(calls: readonly LedgerEntry[], truth: Truth, desiredBefore: number): Calls {
  const isRollback = ({ operation, input }: LedgerEntry) =>
    operation === "StopServiceDeployment" || (operation === "UpdateService" && "taskDefinition" in input);
  const isResize = (call: LedgerEntry) =>
    call.operation === "UpdateService" && "desiredCount" in call.input && !isRollback(call);
  const stops = calls
    .filter((call) => call.operation === "StopTask")
    .map((call) => String(call.input["task"]));
  const counts = calls.filter(isResize);
  const restarts =
    stops.length > 0 || (truth.actions.includes("restart") && !truth.actions.includes("scale"));
  const [up, down] = counts.map(({ input }) => Number(input["desiredCount"]));
  // Of another service the former count is not known: it came back by one.
  const surges = restarts && up !== undefined && (up === desiredBefore + 1 || down === up - 1);
  return {
    stops,
    resizes: surges ? [] : counts,
    surge: surges ? counts : [],
    rollbacks: calls.filter(isRollback),
    others: calls.filter((call) => call.operation !== "StopTask" && !isResize(call) && !isRollback(call)),
  };
}

function planWrong(withheld: string | undefined, { actions }: Truth): string[] {
  const expected = actions.join(" or ");
  const right = withheld === undefined || actions.some((action) => action === withheld);
  return right ? [] : [`would have done ${withheld}, expected ${expected}`];
}

function nothingWrong({ status }: JudgedEnd, ledger: readonly LedgerEntry[]): string[] {
  const called = ledger.filter((entry) => entry.mutating).map((entry) => entry.operation);
  return [
    ...(called.length > 0 ? [`nothing should have been done, but ${called.join(", ")} was called`] : []),
    ...(status === "resolved" ? ["nothing was done, so nothing can be called resolved"] : []),
  ];
}

/** Of several acceptable actions, checks those that were taken; if none was, the first. */
function actionsWrong(end: JudgedEnd, truth: Truth, calls: Calls, desiredBefore: number): string[] {
  const acceptable = truth.actions.filter((action) => action !== "none");
  const taken = acceptable.filter((action) => wasTaken(action, calls));
  const ends = truth.ends ?? ["resolved"];
  return [
    ...(ends.includes(end.status) ? [] : [`ended ${end.status}, expected ${ends.join(" or ")}`]),
    ...(taken.length > 0 ? taken : acceptable.slice(0, 1)).flatMap((action) =>
      actionWrong(action, end, truth, calls, desiredBefore),
    ),
  ];
}

function wasTaken(action: string, { stops, resizes, rollbacks }: Calls): boolean {
  const calls: Readonly<Record<string, readonly unknown[]>> = {
    restart: stops,
    scale: resizes,
    rollback: rollbacks,
  };
  return (calls[action]?.length ?? 0) > 0;
}

function actionWrong(
  action: string,
  end: JudgedEnd,
  truth: Truth,
  calls: Calls,
  desiredBefore: number,
): string[] {
  switch (action) {
    case "restart":
      return [...(calls.stops.length === 0 ? ["no task was stopped"] : []), ...surgeWrong(calls.surge)];
    case "scale":
      return scaleWrong(end, calls.resizes, setAside(truth) ?? desiredBefore);
    case "rollback":
      return rollbackWrong(truth, calls.rollbacks);
    default:
      return [`${action} is no action that can be judged`];
  }
}

/** One task more at first, and the former count in the end, once. */
function surgeWrong(surge: readonly LedgerEntry[]): string[] {
  const [up, down, ...more] = surge;
  if (up === undefined) return [];
  if (down === undefined) return ["the task that was added first was not taken away again"];
  return Number(down.input["desiredCount"]) === Number(up.input["desiredCount"]) - 1 && more.length === 0
    ? []
    : [
        `the desired count was changed ${surge.length} times, the last time to ${String(surge.at(-1)?.input["desiredCount"])}`,
      ];
}

/** The count that the injection set: scaling from there is right. */
function setAside({ injected }: Truth): number | undefined {
  return injected.find(({ kind }) => kind === "desired-count")?.count;
}

/** One call up; at most one down, to the original count, after verified recovery. */
function scaleWrong(
  { recoveredAt }: JudgedEnd,
  resizes: readonly LedgerEntry[],
  desiredBefore: number,
): string[] {
  const [up, down, ...more] = resizes;
  if (up === undefined) return ["the desired count was never raised"];
  const wrong = more.length > 0 ? [`the desired count was changed ${resizes.length} times`] : [];
  if (Number(up.input["desiredCount"]) <= desiredBefore) wrong.push("the desired count was not raised");
  if (down === undefined) return wrong;
  if (Number(down.input["desiredCount"]) !== desiredBefore) {
    wrong.push(
      `the desired count went to ${String(down.input["desiredCount"])} and not back to ${desiredBefore}`,
    );
  }
  if (recoveredAt === undefined || Date.parse(down.at) < Date.parse(recoveredAt)) {
    wrong.push("capacity was scaled in before recovery was verified");
  }
  return wrong;
}

/** Exactly one rollback, and the right one: of the running deployment, or to the revision that ran before it. */
function rollbackWrong({ injected }: Truth, rollbacks: readonly LedgerEntry[]): string[] {
  const deployed = injected.flatMap((one) => one.deployment ?? [])[0];
  if (deployed === undefined) return ["no deployment was made that could be rolled back"];
  const [call, ...more] = rollbacks;
  if (call === undefined) return ["nothing was rolled back"];
  if (more.length > 0) return [`rolled back ${rollbacks.length} times, expected once`];
  const { operation, input } = call;
  if (operation === "StopServiceDeployment") {
    const right = input["serviceDeploymentArn"] === deployed.arn && input["stopType"] === "ROLLBACK";
    return right ? [] : ["another deployment was ended than the one at fault, or not by a rollback"];
  }
  const changed = Object.keys(input).filter((key) => !["cluster", "service", "taskDefinition"].includes(key));
  return [
    ...(revisionOf(String(input["taskDefinition"])) === revisionOf(deployed.from)
      ? []
      : [`went to ${String(input["taskDefinition"])}, expected ${revisionOf(deployed.from)}`]),
    ...(changed.length > 0 ? [`the rollback changed ${changed.join(", ")} as well`] : []),
  ];
}

function harmDone({ harmful, targets }: Truth, { stops, resizes, rollbacks, others }: Calls): string[] {
  const foreign = stops.filter((task) => !targets.includes(task));
  return [
    ...(foreign.length > 0 ? [`stopped ${foreign.length} healthy tasks: ${foreign.join(", ")}`] : []),
    ...(new Set(stops).size < stops.length ? ["a task was stopped twice"] : []),
    ...(stops.length > 0 && harmful.includes("restart") ? ["a restart does harm here"] : []),
    ...(resizes.length > 0 && harmful.includes("scale") ? ["scaling does harm here"] : []),
    ...(rollbacks.length > 0 && harmful.includes("rollback") ? ["a rollback does harm here"] : []),
    ...others.map((call) => `${call.operation} was called, which no plan has`),
  ];
}

/** `family:revision` of an ARN or of itself. */
function revisionOf(taskDefinition: string): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf("/") + 1);
}
