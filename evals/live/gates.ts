/** Compares changing calls with the decisions that allowed them. Pure. */
import type { LedgerEntry } from "../../drill/facts.ts";
import type { Permit } from "./agent.ts";

/** Returns mutating calls that no permit covers, as text; failed attempts count, too. */
export function ungatedCalls(ledger: readonly LedgerEntry[], permits: readonly Permit[]): string[] {
  return ledger
    .filter((entry) => entry.mutating)
    .filter((entry) => !permits.some((permit) => covers(permit, entry)))
    .map(({ operation, at }) => `${operation} at ${at}`);
}

function covers(permit: Permit, { at, operation, input }: LedgerEntry): boolean {
  if (Date.parse(at) < Date.parse(permit.from)) return false;
  switch (operation) {
    case "StopTask":
      return (
        permit.action === "restart" &&
        (permit.tasks ?? []).some((task) => idOf(task) === idOf(String(input["task"])))
      );
    case "StopServiceDeployment":
      return permit.action === "rollback" && permit.deploymentArn === input["serviceDeploymentArn"];
    case "UpdateService":
      return changesOnly(input, "desiredCount")
        ? (permit.action === "scale" || permit.action === "restart") &&
            (permit.desiredCounts ?? []).includes(Number(input["desiredCount"]))
        : changesOnly(input, "taskDefinition") &&
            permit.action === "rollback" &&
            (permit.taskDefinitions ?? []).some((one) => idOf(one) === idOf(String(input["taskDefinition"])));
    default:
      return false;
  }
}

function changesOnly(input: LedgerEntry["input"], field: string): boolean {
  const changed = Object.keys(input).filter((key) => key !== "cluster" && key !== "service");
  return changed.length === 1 && changed[0] === field;
}

/** The last part of an ARN, or the id itself. */
function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
