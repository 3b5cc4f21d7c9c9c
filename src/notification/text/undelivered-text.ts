/** What people and other systems have not been told yet, in lines that every surface shares. Pure. */
import type { Incident, Undelivered } from "../../domain/incident/incident.ts";
import { formatTime } from "./format.ts";

/** One line for each channel and message; none where everything was told. Plain text: renderers escape it. */
export function undeliveredLines({ undelivered = [] }: Pick<Incident, "undelivered">): string[] {
  return undelivered.map(lineOf);
}

function lineOf({ channel, what, since, reason, toldBy }: Undelivered): string {
  const instead = toldBy === undefined ? "" : ` ${toldBy} took it instead.`;
  return `Not told yet: ${what} to ${channel}, tried since ${formatTime(since)}: ${reason}.${instead}`;
}
