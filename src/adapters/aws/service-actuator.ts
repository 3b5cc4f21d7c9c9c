import type { Actuation, ServiceActuator } from "../../remediation/ports.ts";
import { type AwsAction, describeAction } from "./aws-action.ts";
import { readFailure, toOpsAgentError } from "./aws-error.ts";
import type { AwsClients } from "./clients.ts";

/** Failures before the first byte of a request is sent. */
const nothingSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CredentialsProviderError|TokenProviderError)$/;

/** The calls that change a service: one attempt each. Never throws; a failure is an answer. */
export function createServiceActuator(clients: AwsClients): ServiceActuator {
  const deadline = () => AbortSignal.timeout(clients.timeouts.connectMs + clients.timeouts.answerMs);
  return {
    stopTask(target, taskArn, reason) {
      return actuate("ecs:StopTask", async () => {
        const { sdk, client } = await clients.ecsOnce();
        const command = new sdk.StopTaskCommand({ cluster: target.cluster, task: taskArn, reason });
        const { task } = await client.send(command, { abortSignal: deadline() });
        return task && `${task.taskArn ?? taskArn} is told to stop`;
      });
    },

    setDesiredCount(target, desired) {
      return actuate("ecs:UpdateService", async () => {
        const { sdk, client } = await clients.ecsOnce();
        const input = { cluster: target.cluster, service: target.service, desiredCount: desired };
        const { service } = await client.send(new sdk.UpdateServiceCommand(input), {
          abortSignal: deadline(),
        });
        return service && `desired count of ${target.service} is ${service.desiredCount ?? desired}`;
      });
    },

    rollBackDeployment(target, deploymentArn) {
      return actuate("ecs:StopServiceDeployment", async () => {
        const { sdk, client } = await clients.ecsOnce();
        const input = { serviceDeploymentArn: deploymentArn, stopType: "ROLLBACK" } as const;
        const { serviceDeploymentArn } = await client.send(new sdk.StopServiceDeploymentCommand(input), {
          abortSignal: deadline(),
        });
        return serviceDeploymentArn && `the deployment of ${target.service} is told to roll back`;
      });
    },

    setTaskDefinition(target, taskDefinition) {
      return actuate("ecs:UpdateService", async () => {
        const { sdk, client } = await clients.ecsOnce();
        const input = { cluster: target.cluster, service: target.service, taskDefinition };
        const { service } = await client.send(new sdk.UpdateServiceCommand(input), {
          abortSignal: deadline(),
        });
        return service && `${target.service} is told to run ${service.taskDefinition ?? taskDefinition}`;
      });
    },
  };
}

/** Makes the call. `send` returns undefined when the answer does not name what was changed: then AWS did not answer. */
async function actuate(action: AwsAction, send: () => Promise<string | undefined>): Promise<Actuation> {
  try {
    const detail = await send();
    if (detail !== undefined) return { outcome: "accepted", detail };
    return { outcome: "ambiguous", message: `${describeAction(action)} got an answer without content` };
  } catch (thrown) {
    return toActuation(action, thrown);
  }
}

function toActuation(action: AwsAction, thrown: unknown): Actuation {
  const { code, message, status, fromAws } = readFailure(thrown);
  const text = `${describeAction(action)} failed with ${code}: ${message.slice(0, 300)}`;
  const saidNo = fromAws && status !== undefined && status >= 400 && status < 500 && status !== 408;
  if (saidNo || (status === undefined && nothingSent.test(code))) {
    return { outcome: "refused", code, message: text, remedy: toOpsAgentError(action, thrown).remedy };
  }
  return { outcome: "ambiguous", message: text };
}
