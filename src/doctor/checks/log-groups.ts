import { OpsAgentError } from "../../domain/errors.ts";
import { placesText } from "../../domain/log-places.ts";
import { type Check, type Finding, failed, ok, warning } from "../check.ts";

/** Log groups that are silent for so long while tasks run say nothing about a current incident. */
const STALE_MS = 60 * 60_000;
/** How far back lines are searched before the group's own time of its newest line is read. */
const RECENT_MS = 15 * 60_000;

export const logGroups: Check = {
  id: "log-groups",
  area: "services",
  does: "The log group of each container (from the task definition with its FireLens options, else LOG_GROUP_PREFIX and the service's name) can be read and was written to in the last hour; lines that go elsewhere are named.",
  remedy:
    "Set awslogs-group in the task definition, or LOG_GROUP_PREFIX; `tolerateGaps: [logs]` does without.",
  permissions: ["logs:DescribeLogStreams"],
  async run(examination, options) {
    const { config, ports } = examination.configured();
    const tolerated = config.policy.tolerateGaps.includes("logs");
    const services = await examination.services();
    const unread = services.flatMap(({ name, logs }) =>
      logs.gaps.map(({ message, remedy = logGroups.remedy }) =>
        tolerated ? ok(message, name) : warning(message, remedy, name),
      ),
    );
    const looked = services.flatMap(({ name, reading, logs }) =>
      logs.places.map(async (place): Promise<Finding> => {
        const where = placesText([place]);
        const subject = `${name} ${where}`;
        const now = ports.now().getTime();
        const problem = tolerated ? warning : failed;
        let found: { readonly newest: number | undefined } | undefined;
        try {
          found = await ports.logs.newest(place, now - RECENT_MS, options);
        } catch (thrown) {
          if (!(thrown instanceof OpsAgentError) || !isDenied(thrown)) throw thrown;
          return problem(thrown.message, thrown.remedy, subject);
        }
        if (found === undefined) {
          return problem(`There is no log group ${where} for ${name}`, logGroups.remedy, subject);
        }
        if (reading.running === 0) return ok(`${where} exists; no task runs`, subject);
        const quiet = `Check that ${name} writes to standard output and that its execution role may write to ${where}.`;
        if (found.newest === undefined) return warning(`${where} is empty, though tasks run`, quiet, subject);
        const age = now - found.newest;
        return age > STALE_MS
          ? warning(`the newest line of ${where} is ${ageText(age)} old, though tasks run`, quiet, subject)
          : ok(`the newest line of ${where} is ${ageText(age)} old`, subject);
      }),
    );
    return [...(await Promise.all(looked)), ...unread];
  },
};

/** Without DescribeLogStreams the check is skipped; an incident needs the other. */
function isDenied({ code, message }: OpsAgentError): boolean {
  return code === "aws-denied" && message.includes("FilterLogEvents");
}

function ageText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
