/** Names of durable steps. A name is used once in an execution; renaming one breaks executions that wait in it. */
import type { Attempt } from "../domain/incident/incident.ts";

/** The step of a stage in one attempt, such as `decide`, `decide-second`; `part` tells several of one stage apart. */
export function stepName(stage: string, attempt: Attempt, part?: number): string {
  const numbered = part === undefined ? stage : `${stage}-${part}`;
  return attempt === "first" ? numbered : `${numbered}-${attempt}`;
}
