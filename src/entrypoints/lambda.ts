/** The incident function's handler: one durable execution an incident. */
import { createIncidentFunction, isDurableInvocation } from "../functions/incident.ts";
import { once, plainInvocation, start } from "../functions/start.ts";

/** The one thing of Lambda's context that is used here; the rest is the durable SDK's. */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

const durable = once(async () => createIncidentFunction(await start()));

/** Throws where the function has no durable execution and nobody said that one invocation is enough. */
export async function handler(event: unknown, context: LambdaContext): Promise<unknown> {
  if (isDurableInvocation(event)) return (await durable())(event as never, context as never);
  const secrets = plainInvocation();
  const { handleInOneInvocation } = await import("../functions/single-invocation.ts");
  return handleInOneInvocation(event, context.getRemainingTimeInMillis(), secrets);
}
