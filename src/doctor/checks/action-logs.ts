import { OpsAgentError } from "../../domain/errors.ts";
import { type Check, ok, skipped, warning } from "../check.ts";

const WORTH =
  "They keep what the control plane did (deployments, rollbacks, hooks) and why tasks failed beyond the hour that ECS remembers; they cost what vended logs cost, by volume taken in and kept.";

export const actionLogs: Check = {
  id: "action-logs",
  area: "services",
  does: `Whether the cluster has ECS Action Logs, and whether they are read. ${WORTH}`,
  remedy:
    "Turn them on in the ECS console (the cluster's Configuration, Action logs) where they are worth their price, and set `evidence.actionLogs: true` in the policy file.",
  permissions: ["logs:DescribeDeliverySources", "logs:DescribeDeliveries", "logs:GetDeliveryDestination"],
  async run(examination, options) {
    const { config, ports } = examination.configured();
    const { arn } = await examination.cluster();
    const read = config.policy.evidence.actionLogs;
    try {
      const destination = await ports.actionLogs.destination(arn, options);
      if (destination === undefined) {
        return read
          ? warning("evidence.actionLogs is true, and the cluster has no Action Logs", actionLogs.remedy)
          : ok("The cluster has no Action Logs, which are paid for apart");
      }
      if (destination.group === undefined) {
        return ok(
          `Action Logs go to ${KINDS[destination.kind] ?? destination.kind}, where they are not read`,
        );
      }
      return read
        ? ok(`Action Logs in ${destination.group} are read`)
        : warning(
            `Action Logs in ${destination.group} are not read`,
            "Set `evidence.actionLogs: true` in the policy file, and allow their group to the agent's role.",
          );
    } catch (thrown) {
      if (!(thrown instanceof OpsAgentError)) throw thrown;
      const unsupported = thrown.code === "aws-unsupported";
      return skipped(
        unsupported
          ? "This endpoint knows no deliveries of logs."
          : `Action Logs could not be looked for: ${thrown.message}`,
        unsupported ? undefined : thrown.remedy,
      );
    }
  },
};

const KINDS: Readonly<Record<string, string>> = { S3: "Amazon S3", FH: "Amazon Data Firehose" };
