/** The incident function's handler: one durable execution an incident. */
import { createIncidentFunction, isDurableInvocation } from "../incident.ts";
import { notDurable, once, start } from "../start.ts";

const durable = once(async () => createIncidentFunction(await start()));

/** Throws where the function has no durable execution, since it could not wait. */
export async function handler(event: unknown, context: unknown): Promise<unknown> {
  if (!isDurableInvocation(event)) throw notDurable();
  return (await durable())(event as never, context as never);
}
