import { OpsAgentError } from "../../domain/errors.ts";
import { type Check, type Finding, failed, ok, warning } from "../check.ts";
import { NotCheckable } from "../not-checkable.ts";
import type { ReadProbe } from "../ports.ts";

export const readPermissions: Check = {
  id: "read-permissions",
  area: "permissions",
  does: "Every read of an investigation is really made, on the first service that is looked at, with harmless inputs.",
  remedy: "Allow the action to the agent's role; docs/configuration.md has the whole list.",
  async run(examination, options) {
    const { config, ports } = examination.configured();
    const { name: cluster } = await examination.cluster();
    const [service] = await examination.services();
    if (service === undefined) throw new NotCheckable("No service was found to try the reads on.");
    const { name, reading, logs } = service;
    const probes = ports.readProbes.of({
      cluster,
      service: name,
      serviceArn: reading.arn,
      taskDefinition: reading.taskDefinition,
      targetGroupArns: reading.targetGroupArns,
      onHosts: reading.launchType === "EC2" || reading.launchType === "EXTERNAL",
      logs: logs.places[0] ?? { group: `${config.logGroupPrefix}${name}` },
      cloudTrail: config.policy.evidence.cloudTrail,
    });
    return Promise.all(probes.map((probe) => attempt(probe, options)));
  },
};

const CLOUDTRAIL = " Or set `evidence.cloudTrail: false` in the policy file, and it is not asked for.";

async function attempt(
  { action, attempt }: ReadProbe,
  options: { readonly signal: AbortSignal },
): Promise<Finding> {
  try {
    const word = await attempt(options);
    return ok(word === undefined ? "answered" : `answered with ${word}, so it is allowed`, action);
  } catch (thrown) {
    if (!(thrown instanceof OpsAgentError)) throw thrown;
    const { code, message } = thrown;
    const optional = action.startsWith("cloudtrail:");
    const remedy = `${thrown.remedy}${optional ? CLOUDTRAIL : ""}`;
    const mild = optional || code === "aws-throttled" || code === "aws-unsupported";
    return mild ? warning(message, remedy, action) : failed(message, remedy, action);
  }
}
