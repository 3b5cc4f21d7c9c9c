import type { Mode, Policy } from "../domain/policy.ts";
import type { Readers } from "./observe/index.ts";
import type { IncidentStore, Logger, ModelClient, Notifier, Progress, ServiceActuator } from "./ports.ts";

/** Everything the workflow is given; wired in compose.ts. */
export interface PipelineDependencies {
  readonly readers: Readers;
  readonly actuator: ServiceActuator;
  /** Who diagnoses. With `model`, the rules are the second opinion. */
  readonly diagnoser: "rules" | "model";
  /** A client for one incident, since its budget is the incident's. Undefined when no key is configured; with diagnoser `model` that is a reported failure. */
  readonly model?: (() => ModelClient) | undefined;
  readonly notifiers: readonly Notifier[];
  readonly store: IncidentStore;
  readonly policy: Policy;
  /** OPSAGENT_MODE: a ceiling over the policy's modes. */
  readonly ceiling: Mode;
  readonly logGroupPrefix: string;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly progress?: Progress | undefined;
}

/** The same, with a live view that cannot disturb the incident it shows. */
export function withHarmlessProgress(deps: PipelineDependencies): PipelineDependencies {
  const { progress } = deps;
  if (progress === undefined) return deps;
  return {
    ...deps,
    progress: (update) => {
      try {
        progress(update);
      } catch {
        // A closed terminal is nobody's incident.
      }
    },
  };
}
