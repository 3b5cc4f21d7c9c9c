import { isKnownController } from "../../domain/another-controller.ts";
import type { ServiceReading } from "../../domain/reading.ts";
import { isKnownStrategy } from "../../evidence/facts/service-shape-facts.ts";
import { type Check, type Finding, failed, ok, skipped, warning } from "../check.ts";
import type { Examination } from "../examination.ts";

const CONTROLLER =
  "Its tasks are restarted and its count is raised as of any service; a rollback is yours, and the report says the command. To have it rolled back by OpsAgent, deploy it with ECS' own controller.";

const UNKNOWN =
  "This version of OpsAgent does not know it, and acts on nothing there. Look for a newer version.";

const DAEMON =
  "It takes no desired count, so it is never scaled: alarm on the instances instead. A sick task of it is restarted as any other.";

/** What of the service's shape keeps an action from it. */
function shapeFinding(seen: string, { controller, schedulingStrategy, strategy }: ServiceReading) {
  if (!isKnownController(controller)) return [`${seen}; its controller is ${controller}`, UNKNOWN] as const;
  if (controller !== "ECS") return [`${seen}; its controller is ${controller}`, CONTROLLER] as const;
  if (schedulingStrategy === "DAEMON") return [`${seen}; it is a DAEMON`, DAEMON] as const;
  return isKnownStrategy(strategy)
    ? undefined
    : ([`${seen}; it is deployed as ${strategy}`, UNKNOWN] as const);
}

export const services: Check = {
  id: "services",
  area: "services",
  does: "Every service that the policy names (`services`, `alarms`, `freezes`) exists in the cluster and runs what it should.",
  remedy:
    "Correct the name in the policy file, take it out, or list it under `absentServices`: while a protected or frozen name is no service, nothing is acted on. `opsagent init` lists what there is.",
  permissions: ["ecs:ListServices"],
  async run(examination, options) {
    const { name: cluster } = await examination.cluster();
    const { names, why } = await examination.serviceNames();
    const { ports } = examination.configured();
    const findings = await Promise.all(
      names.map(async (service): Promise<Finding> => {
        const reading = await ports.ecs.service({ cluster, service }, options);
        if (reading === undefined) {
          return failed(`${cluster} has no service "${service}" (${why})`, services.remedy, service);
        }
        const { desired, running, taskDefinition } = reading;
        const revision = taskDefinition.split("/").at(-1);
        const seen = `${running} of ${desired} tasks run ${revision}`;
        const shape = shapeFinding(seen, reading);
        if (shape !== undefined) return warning(shape[0], shape[1], service);
        return running < desired
          ? warning(seen, "Look at the service: it is not at its desired count now.", service)
          : ok(seen, service);
      }),
    );
    return [...findings, ...(await others(examination, cluster, names))];
  },
};

/** Other services whose alarms may start the agent. */
async function others(
  { configured, given }: Examination,
  cluster: string,
  names: readonly string[],
): Promise<Finding[]> {
  if (given.service !== undefined) return [];
  const listed = await configured()
    .ports.inventory.services(cluster, { signal: AbortSignal.timeout(10_000) })
    .catch(() => undefined);
  if (listed === undefined) {
    return [skipped("Other services could not be listed.", "Allow ecs:ListServices to the role.", "others")];
  }
  const rest = listed.names.filter((name) => !names.includes(name));
  if (rest.length === 0) return [];
  const shown = rest.slice(0, 5).join(", ");
  const more = rest.length > 5 || !listed.complete ? " and more" : "";
  return [ok(`not named in the policy, its general modes hold: ${shown}${more}`, "others")];
}
