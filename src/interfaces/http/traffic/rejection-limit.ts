/** Refuses junk for next to nothing: whoever was refused often is not listened to for a while. */
import type { Context, MiddlewareHandler } from "hono";
import type { Logger } from "../../../domain/ports.ts";
import { refusal } from "../client.ts";
import { clientAddress } from "./client-address.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Refusals that an address gets with their reasons; after them it gets 429, with nothing looked at. */
const REFUSALS = { burst: 40, perSecond: 5 };

/** How often the log tells of an address that goes on. */
const TELL_EVERY_MS = 10_000;

interface RejectionLimitDependencies {
  readonly logger: Logger;
  readonly now: () => Date;
  /**
   * Whether a request may prove itself, by what is cheap to see: a known token, or what a signed request must have. It
   * passes whatever else comes from its address, so that junk cannot keep it out.
   */
  readonly mayBeGenuine: (c: Context) => boolean;
  readonly onRefused?: (path: string) => void;
}

export function rejectionLimit(deps: RejectionLimitDependencies): MiddlewareHandler {
  const { logger, mayBeGenuine } = deps;
  const now = () => deps.now().getTime();
  const refusals = createRateLimit(REFUSALS, now);
  let untold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return async (c, next) => {
    const address = clientAddress(c);
    if (!refusals.has(address) && !mayBeGenuine(c)) {
      untold += 1;
      if (now() - toldAt >= TELL_EVERY_MS) {
        logger.warn("http-junk", { path: c.req.path, address, refused: untold, reason: "too many refusals" });
        [untold, toldAt] = [0, now()];
      }
      deps.onRefused?.(c.req.path);
      c.header("retry-after", "10");
      return refusal(c, 429, {
        code: "too-many-refusals",
        message: "Too many requests from this address had to be refused.",
        remedy: "Send requests with a token that is known here; without one, wait.",
      });
    }
    await next();
    if (REFUSED.has(c.res.status)) refusals.take(address);
    return undefined;
  };
}

const REFUSED = new Set([400, 401, 403, 404, 405, 408, 413, 415]);
