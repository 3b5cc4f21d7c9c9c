/** Events from outside, taken over HTTP. */
import { Hono } from "hono";
import type { Logger } from "../../domain/ports.ts";
import { type ClientVariables, onlyClients, smallBody } from "./client.ts";
import type { IdentifyClient } from "./tokens.ts";

/** SNS and EventBridge allow 256 KB; as a string inside an envelope that can grow to twice as much. */
const MAX_BODY_BYTES = 1_024 * 1_024;

interface EventRouteDependencies {
  readonly handle: (event: string) => Promise<{ readonly incidents: readonly string[] }>;
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
    const { incidents } = await handle(await c.req.text());
    return c.json({ incidents }, 202);
  });
  return routes;
}
