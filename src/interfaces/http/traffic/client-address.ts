import type { Context } from "hono";
import { z } from "zod";

/** What a Node server and a Lambda function URL say about the other side. */
const Surroundings = z.object({
  incoming: z.object({ socket: z.object({ remoteAddress: z.string() }) }).optional(),
  requestContext: z.object({ http: z.object({ sourceIp: z.string() }) }).optional(),
});

/**
 * The address at the other end of the connection. `X-Forwarded-For` is not believed, since anybody can send it: behind a
 * proxy all clients share the proxy's address, and its own limits have to tell them apart.
 */
export function clientAddress(c: Context): string {
  const { data } = Surroundings.safeParse(c.env);
  return data?.incoming?.socket.remoteAddress ?? data?.requestContext?.http.sourceIp ?? "unknown";
}
