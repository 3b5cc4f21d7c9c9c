/** Lets a model explain the incident to people, beside the story: nothing that is done for the service waits for it. */
import type { Explained } from "../diagnosis/explain/explain.ts";
import type { Target } from "../domain/target.ts";
import { isOfNoService } from "../evidence/collect-evidence.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps } from "./durable-steps.ts";
import type { Investigated } from "./investigation.ts";

/** Seconds that an incident's end waits for the explanation; the report then does without. */
const EXPLANATION_SECONDS = 20;

interface ExplanationInput {
  readonly target: Target;
  /** Epoch milliseconds by which the whole incident must end, if there is such a limit. */
  readonly deadline: number | undefined;
}

export interface Explanations {
  /** Asks, where a model is configured. */
  begin(input: ExplanationInput, investigated: Investigated, run: DurableSteps): void;
  /**
   * Waits until the answer came, or was given up, and makes it an event of the incident: here and not when it comes, so
   * that the events of an incident have the same order whenever it does.
   */
  settled(run: DurableSteps): Promise<void>;
}

/** Starts the one explaining question of an incident, as a durable step of its own that is not waited for. */
export function createExplanations(deps: WorkflowDependencies): Explanations {
  let asking: Promise<Explained | undefined> = Promise.resolve(undefined);
  return {
    begin(input, { evidence, diagnosis }, run) {
      const { incident } = run;
      const { model } = deps;
      // Noise that people know of already needs no words, and a model that just failed is not waited for again.
      if (model === undefined || incident.rememberedFrom !== undefined || incident.modelFailure !== undefined)
        return;
      // Nothing was read of a service that does not exist, so there is nothing to explain.
      if (isOfNoService(evidence)) return;
      const step = run.step("explain", async (): Promise<Explained> => {
        // Prompt and schema are only loaded where a model is asked.
        const { explain } = await import("../diagnosis/explain/explain.ts");
        const { timing, limits, language } = deps.policy;
        const seconds = Math.min(EXPLANATION_SECONDS, timing.modelTimeoutSeconds);
        const asked = explain(
          { service: input.target.service, evidence: incident.evidence ?? evidence, diagnosis, language },
          {
            model: model(),
            used: incident.model,
            room: {
              now: deps.now().getTime(),
              deadline: input.deadline,
              roundMs: seconds * 1000,
              budgetUsd: limits.modelBudgetUsd,
            },
          },
        );
        return within(asked, seconds, {});
      });
      asking = step.then(
        ({ value }) => value,
        () => undefined,
      );
    },
    settled: async (run) => {
      const explained = await asking;
      if (explained === undefined || Object.keys(explained).length === 0) return;
      await run.step(
        "explained",
        async () => explained,
        (words) => [{ kind: "explained", ...words }],
      );
    },
  };
}

/** Returns `otherwise` where the answer is not there in time. */
async function within<T>(answer: Promise<T>, seconds: number, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), seconds * 1000);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
