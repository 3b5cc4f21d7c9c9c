/** Why tasks stopped, in AWS's own words and whole: they name the image, the secret, the container. */
import { type Evidence, type FactOf, factsOf, type StopClass } from "./evidence.ts";

/** What happens in every deployment and every scale-in. */
const ORDINARY: ReadonlySet<StopClass> = new Set([
  "stopped-on-request",
  "scaled-in-or-replaced",
  "exited-successfully",
]);
/** Says that a task ended or did not start, and nothing of why. */
const EMPTY = /^(?:Essential container in task exited|Task failed to start)\.?$/i;
const MOST_REASONS = 2;

/** Returns the reasons of the newest stops that are not ordinary, each once. */
export function stopReasonsOf(evidence: Evidence | undefined): readonly string[] {
  if (evidence === undefined) return [];
  const stops = factsOf(evidence, "stopped-tasks")
    .filter(({ data }) => !ORDINARY.has(data.class))
    .toSorted((one, other) => (other.data.lastAt ?? "").localeCompare(one.data.lastAt ?? ""));
  return [...new Set(stops.flatMap(({ data }) => reasonOf(data) ?? []))].slice(0, MOST_REASONS);
}

/** Whether ECS says that the container went over its memory limit. */
export function isKilledForMemory({ reason = "" }: { readonly reason?: string | undefined }): boolean {
  return /^OutOfMemory/i.test(reason);
}

/** Returns ECS's words for a stop that say why, without those of containers that can have ended no task. */
export function ecsWordsOf({
  stoppedReason,
  containers,
}: FactOf<"stopped-tasks">["data"]): string | undefined {
  if (stoppedReason !== undefined && !EMPTY.test(stoppedReason)) return stoppedReason;
  const said = containers.filter(({ declared, reason }) => declared !== false && reason !== undefined);
  return said.find(({ essential }) => essential !== false)?.reason ?? said[0]?.reason ?? stoppedReason;
}

function reasonOf({ stoppedReason, containers }: FactOf<"stopped-tasks">["data"]): string | undefined {
  const reasons = [
    ...(stoppedReason === undefined || EMPTY.test(stoppedReason) ? [] : [stoppedReason]),
    ...containers.flatMap(({ name, exitCode, reason, declared }) => {
      if ((exitCode === 0 && reason === undefined) || declared === false) return [];
      const code = exitCode === undefined ? "" : ` exited with ${exitCode}`;
      return reason === undefined && code === ""
        ? []
        : [`container ${name}${code}${reason ? `: ${reason}` : ""}`];
    }),
  ];
  return reasons.length === 0 ? undefined : reasons.join("; ");
}
