/** The service as it is at this moment, as far as the rules before a call need it. */
import type { Evidence } from "../../domain/evidence.ts";
import type { Target } from "../../domain/target.ts";
import { serviceFact } from "../../evidence/facts/service-facts.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";

/** Reads the service. Throws what the reader throws: what cannot be read allows nothing. */
export async function readServiceNow(
  target: Target,
  deps: Pick<WorkflowDependencies, "readers" | "policy" | "now">,
): Promise<Evidence> {
  const service = await deps.readers.ecs.service(target, readTimeout(deps));
  const now = deps.now().toISOString();
  const facts = service === undefined ? [] : [{ ...serviceFact(service), id: "E1" }];
  return { observedAt: now, onset: now, facts, gaps: [], lastLines: [] };
}
