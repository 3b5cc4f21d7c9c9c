/** The service as it is at this moment, as far as the rules before a call need it. */
import type { Evidence } from "../../domain/evidence.ts";
import type { Target } from "../../domain/target.ts";
import { serviceFact } from "../../evidence/facts/service-facts.ts";
import { targetFacts } from "../../evidence/facts/target-facts.ts";
import { runningTaskFacts } from "../../evidence/facts/task-facts.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { FactDraft } from "../../evidence/source.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";

/**
 * Reads the service, and `withTasks` also its running tasks and their targets. Throws what the readers throw: what
 * cannot be read allows nothing.
 */
export async function readServiceNow(
  target: Target,
  withTasks: boolean,
  deps: Pick<WorkflowDependencies, "readers" | "policy" | "now">,
): Promise<Evidence> {
  const { ecs, loadBalancers } = deps.readers;
  const options = readTimeout(deps);
  const [service, tasks] = await Promise.all([
    ecs.service(target, options),
    withTasks ? ecs.tasks(target, options) : { running: [] },
  ]);
  const arns = withTasks ? (service?.targetGroupArns ?? []) : [];
  const groups = arns.length === 0 ? [] : await loadBalancers.targetGroups(arns, options);
  if (groups.length < arns.length) throw new Error("the service's target groups could not be read");
  const targets = await Promise.all(
    groups.map(async (group) =>
      targetFacts(group, await loadBalancers.targetHealth(group.arn, options), tasks.running),
    ),
  );
  const now = deps.now();
  const drafts: FactDraft[] = [
    ...(service === undefined ? [] : [serviceFact(service)]),
    ...runningTaskFacts(tasks.running, now.getTime()),
    ...targets.flat(),
  ];
  return {
    observedAt: now.toISOString(),
    onset: now.toISOString(),
    facts: drafts.map((draft, index) => ({ ...draft, id: `E${index + 1}` })),
    gaps: [],
    lastLines: [],
  };
}
