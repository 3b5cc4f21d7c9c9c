import { type FactOf, factsOf } from "../../domain/evidence.ts";
import type { GuardrailContext } from "../guardrail.ts";

/** Returns the service fact. Throws without one: a rule that needs it cannot be evaluated. */
export function serviceOf(context: GuardrailContext): FactOf<"service">["data"] {
  const [service] = factsOf(context.evidence, "service");
  if (service === undefined) throw new Error("the state of the service could not be read");
  return service.data;
}
