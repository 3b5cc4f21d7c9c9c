/** Keeps the log readable, and cheap, while somebody sends junk: refusals beyond some are counted in place of told. */
import type { Logger } from "../../../domain/ports.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Lines that refusals at one address may take. */
const LINES = { burst: 20, perSecond: 1 };

/**
 * A logger that leaves out lines `http-refused` beyond so many for one `path`; the next one that is written says in
 * `untold` how many were left out since the last. All else is logged as it comes. `now` in milliseconds.
 */
export function boundRefusals(logger: Logger, now: () => number): Logger {
  const lines = createRateLimit(LINES, now);
  let untold = 0;
  return {
    info: (event, fields) => logger.info(event, fields),
    error: (event, fields) => logger.error(event, fields),
    warn: (event, fields) => {
      if (event !== "http-refused") return logger.warn(event, fields);
      if (!lines.take(String(fields?.["path"]))) {
        untold += 1;
        return;
      }
      logger.warn(event, untold === 0 ? fields : { ...fields, untold });
      untold = 0;
    },
  };
}
