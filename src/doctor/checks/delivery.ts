import { type Check, ok, warning } from "../check.ts";

export const delivery: Check = {
  id: "delivery",
  area: "people",
  does: "Whether a question, report, page or event of the newest 500 incidents still waits for its channel.",
  remedy:
    "Look at the channel that is named: it is tried again, at first every minute and after an hour every five, for a day. `opsagent serve` or `opsagent continue` has to run for that.",
  async run({ configured }) {
    const { ports } = configured();
    const waiting = await ports.store.undelivered();
    if (waiting.length === 0) return ok("nothing waits to be told");
    return waiting.map(({ incidentId, channel, what, since, reason, toldBy }) => {
      const instead = toldBy === undefined ? "" : `; ${toldBy} took it instead`;
      return warning(
        `${what} waits since ${since}: ${reason}${instead}`,
        `Look at ${channel}; it is tried again as long as \`opsagent serve\` or \`opsagent continue\` runs.`,
        `${incidentId} ${channel}`,
      );
    });
  },
};
