import { type Check, type Finding, failed, ok, warning } from "../check.ts";

/** Log groups that are silent for so long while tasks run say nothing about a current incident. */
const STALE_MS = 60 * 60_000;
/** How far back lines are searched before the group's own time of its newest line is read. */
const RECENT_MS = 15 * 60_000;

export const logGroups: Check = {
  id: "log-groups",
  area: "services",
  does: "The log group of each service (from its task definition, else LOG_GROUP_PREFIX and its name) exists, and was written to in the last hour.",
  remedy:
    "Set awslogs-group in the task definition, or LOG_GROUP_PREFIX; `tolerateGaps: [logs]` does without.",
  permissions: ["logs:DescribeLogStreams"],
  async run(examination, options) {
    const { config, ports } = examination.configured();
    const tolerated = config.policy.tolerateGaps.includes("logs");
    const pairs = (await examination.services()).flatMap((service) =>
      service.logGroups.map((group) => ({ service, group })),
    );
    return Promise.all(
      pairs.map(async ({ service: { name, reading }, group }): Promise<Finding> => {
        const subject = `${name} ${group}`;
        const now = ports.now().getTime();
        const found = await ports.logs.group(group, now - RECENT_MS, options);
        if (found === undefined) {
          const seen = `There is no log group ${group} for ${name}`;
          return tolerated
            ? warning(seen, logGroups.remedy, subject)
            : failed(seen, logGroups.remedy, subject);
        }
        if (reading.running === 0) return ok(`${group} exists; no task runs`, subject);
        const quiet = `Check that ${name} writes to standard output and that its execution role may write to ${group}.`;
        if (found.newest === undefined) return warning(`${group} is empty, though tasks run`, quiet, subject);
        const age = now - found.newest;
        return age > STALE_MS
          ? warning(`the newest line of ${group} is ${ageText(age)} old, though tasks run`, quiet, subject)
          : ok(`the newest line of ${group} is ${ageText(age)} old`, subject);
      }),
    );
  },
};

function ageText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
