/** Events from outside, taken over HTTP. */
import { Hono } from "hono";
import type { Logger } from "../../domain/ports.ts";
import { type ClientVariables, OUT_OF_SCOPE, onlyClients, refusal, smallBody } from "./client.ts";
import type { TakeEvent } from "./take-event.ts";
import type { IdentifyClient } from "./tokens.ts";

/** SNS and EventBridge allow 256 KB; as a string inside an envelope that can grow to twice as much. */
const MAX_BODY_BYTES = 1_024 * 1_024;

interface EventRouteDependencies {
  readonly handle: TakeEvent;
  readonly identify: IdentifyClient;
  readonly logger: Logger;
}

/**
 * `POST /`: one event. 202 means that it is kept and worked on, whatever becomes of this process. Whatever the event
 * is, it is passed on as it came: what cannot be read is kept and reported too.
 */
export function eventRoutes({ handle, identify, logger }: EventRouteDependencies): Hono<ClientVariables> {
  const routes = new Hono<ClientVariables>();
  routes.post("/", onlyClients(identify, logger), smallBody(MAX_BODY_BYTES), async (c) => {
    const sender = { name: c.get("client"), address: "events" } as const;
    const { incidents, outOfScope = 0 } = await handle(await c.req.text(), sender);
    if (outOfScope > 0 && incidents.length === 0) return refusal(c, 403, OUT_OF_SCOPE);
    return c.json(outOfScope === 0 ? { incidents } : { incidents, outOfScope }, 202);
  });
  return routes;
}
