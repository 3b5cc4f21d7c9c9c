/** Did the incident end as it should? Judged by the sandbox's own record of calls, not by what the agent says. */
import type { Incident } from "../src/domain/incident.ts";
import type { LedgerEntry, Truth } from "./facts.ts";

export interface Verdict {
  readonly right: boolean;
  readonly reasons: readonly string[];
}

/** The part of an incident that is held against the truth. */
export type Ended = Pick<Incident, "status" | "diagnosis" | "decision" | "verification" | "approval">;

/** The mutating calls that arrived, by what they do. */
interface Calls {
  readonly stops: readonly string[];
  readonly resizes: readonly LedgerEntry[];
  readonly rollbacks: readonly LedgerEntry[];
  readonly others: readonly LedgerEntry[];
}

/**
 * Holds an incident and the mutating calls that really arrived against the truth of the fault. `desiredBefore` is the
 * service's desired count before anything happened.
 */
export function judge(
  incident: Ended,
  truth: Truth,
  ledger: readonly LedgerEntry[],
  desiredBefore: number,
): Verdict {
  const calls = sort(ledger.filter((entry) => entry.mutating));
  const withheld = withheldPlan(incident);
  const expected =
    truth.actions.every((action) => action === "none") || wasRefused(incident) || withheld !== undefined
      ? [...nothingWrong(incident, ledger), ...planWrong(withheld, truth)]
      : actionsWrong(incident, truth, calls, desiredBefore);
  const reasons = [...causeWrong(incident, truth), ...expected, ...harmDone(truth, calls)];
  return { right: reasons.length === 0, reasons };
}

function sort(calls: readonly LedgerEntry[]): Calls {
  const isRollback = ({ operation, input }: LedgerEntry) =>
    operation === "StopServiceDeployment" || (operation === "UpdateService" && "taskDefinition" in input);
  const isResize = (call: LedgerEntry) =>
    call.operation === "UpdateService" && "desiredCount" in call.input && !isRollback(call);
  return {
    stops: calls.filter((call) => call.operation === "StopTask").map((call) => String(call.input["task"])),
    resizes: calls.filter(isResize),
    rollbacks: calls.filter(isRollback),
    others: calls.filter((call) => call.operation !== "StopTask" && !isResize(call) && !isRollback(call)),
  };
}

function causeWrong({ diagnosis }: Ended, { causes }: Truth): string[] {
  const cause = diagnosis?.cause ?? "none";
  return causes.includes(cause) ? [] : [`cause ${cause}, expected ${causes.join(" or ")}`];
}

/** A person said no, or nothing: then the right end is that nothing is done. */
function wasRefused({ approval }: Ended): boolean {
  const verdict = approval?.answer?.verdict;
  return verdict === "denied" || verdict === "expired";
}

/** Mode observe: what would have been done. The right end is then that nothing is, and that it says the right thing. */
function withheldPlan({ decision }: Ended) {
  return decision?.kind === "decline" ? decision.wouldHave?.plan.action : undefined;
}

function planWrong(withheld: string | undefined, { actions }: Truth): string[] {
  const expected = actions.join(" or ");
  const right = withheld === undefined || actions.some((action) => action === withheld);
  return right ? [] : [`would have done ${withheld}, expected ${expected}`];
}

function nothingWrong({ status }: Ended, ledger: readonly LedgerEntry[]): string[] {
  const called = ledger.filter((entry) => entry.mutating).map((entry) => entry.operation);
  return [
    ...(called.length > 0 ? [`nothing should have been done, but ${called.join(", ")} was called`] : []),
    ...(status === "resolved" ? ["nothing was done, so nothing can be called resolved"] : []),
  ];
}

function actionsWrong(incident: Ended, truth: Truth, calls: Calls, desiredBefore: number): string[] {
  const { actions } = truth;
  return [
    ...(incident.status === "resolved" ? [] : [`ended ${incident.status}, expected resolved`]),
    ...(actions.includes("restart") && calls.stops.length === 0 ? ["no task was stopped"] : []),
    ...(actions.includes("scale") ? scaleWrong(incident, calls.resizes, desiredBefore) : []),
    ...(actions.includes("rollback") ? rollbackWrong(truth, calls.rollbacks) : []),
  ];
}

/** Once up; and at most once down, to what it was, when recovery was proven. */
function scaleWrong(incident: Ended, resizes: readonly LedgerEntry[], desiredBefore: number): string[] {
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
  const recovered =
    incident.verification?.outcome === "recovered" ? incident.verification.endedAt : undefined;
  if (recovered === undefined || Date.parse(down.at) < Date.parse(recovered)) {
    wrong.push("capacity was given back before recovery was proven");
  }
  return wrong;
}

/** Exactly one, and the right one: the deployment that goes on, or the revision that ran before it. */
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
