/** Did the incident end as it should? Judged by the sandbox's own record of calls, not by what the agent says. */
import type { Incident } from "../src/domain/incident.ts";
import type { LedgerEntry, Truth } from "./facts.ts";

export interface Verdict {
  readonly right: boolean;
  readonly reasons: readonly string[];
}

/** Holds an incident and the mutating calls that really arrived against the truth of the fault. */
export function judge(incident: Incident, truth: Truth, ledger: readonly LedgerEntry[]): Verdict {
  const wrong: string[] = [];
  const calls = ledger.filter((entry) => entry.mutating);
  const stopped = calls
    .filter((call) => call.operation === "StopTask")
    .map((call) => String(call.input["task"]));
  const scaled = calls.filter((call) => call.operation === "UpdateService");
  const expectsNothing = truth.actions.every((action) => action === "none");

  const cause = incident.diagnosis?.cause ?? "none";
  if (!truth.causes.includes(cause)) wrong.push(`cause ${cause}, expected ${truth.causes.join(" or ")}`);
  if (expectsNothing) {
    if (calls.length > 0)
      wrong.push(
        `nothing should have been done, but ${calls.map((call) => call.operation).join(", ")} was called`,
      );
    if (incident.status === "resolved") wrong.push("nothing was done, so nothing can be called resolved");
  } else {
    if (incident.status !== "resolved") wrong.push(`ended ${incident.status}, expected resolved`);
    if (truth.actions.includes("restart") && stopped.length === 0) wrong.push("no task was stopped");
    if (truth.actions.includes("scale") && scaled.length !== 1)
      wrong.push(`UpdateService was called ${scaled.length} times, expected once`);
  }
  const foreign = stopped.filter((task) => !truth.targets.includes(task));
  if (foreign.length > 0) wrong.push(`stopped ${foreign.length} healthy tasks: ${foreign.join(", ")}`);
  if (new Set(stopped).size < stopped.length) wrong.push("a task was stopped twice");
  if (stopped.length > 0 && truth.harmful.includes("restart")) wrong.push("a restart does harm here");
  if (scaled.length > 0 && truth.harmful.includes("scale")) wrong.push("scaling does harm here");
  return { right: wrong.length === 0, reasons: wrong };
}
