import type { Logger } from "../domain/ports.ts";

/** A logger whose every line says what it is about, such as the incident. A line's own fields stand above these. */
export function incidentLogger(logger: Logger, about: Readonly<Record<string, unknown>>): Logger {
  return {
    info: (event, fields) => logger.info(event, { ...about, ...fields }),
    warn: (event, fields) => logger.warn(event, { ...about, ...fields }),
    error: (event, fields) => logger.error(event, { ...about, ...fields }),
  };
}
