import { ask, type Guardrail, pass, refuse } from "../guardrail.ts";

/** Sources that every incident reads. A missing one might have spoken against the action. */
const READ_ALWAYS: ReadonlySet<string> = new Set([
  "service",
  "tasks",
  "task-definition",
  "changes",
  "metrics",
  "target-groups",
  "target-health",
  "logs",
  "scaling",
  "scaling-activities",
  "alarm",
  "alarm-history",
]);

export const evidenceComplete: Guardrail = {
  name: "evidence-complete",
  judge: ({ evidence, policy }) => {
    const unread = [...new Set(evidence.gaps.map((gap) => gap.source))].filter((one) => READ_ALWAYS.has(one));
    const missing = unread.filter((source) => !policy.tolerateGaps.includes(source));
    // No policy can tolerate this gap: without the alarm's state recovery cannot be proven.
    if (evidence.gaps.some((gap) => gap.source === "alarm")) {
      return refuse("The alarm's state could not be read, so recovery could never be proven.");
    }
    if (missing.length > 0) {
      return ask(`Not everything could be read (${missing.join(", ")}), so a person decides.`);
    }
    return unread.length === 0
      ? pass("Every source was read that could speak against it.")
      : pass(`What could not be read (${unread.join(", ")}) is tolerated by the policy.`);
  },
};
