import type {
  DescribeServicesCommandInput,
  DescribeTaskDefinitionCommandInput,
  Task,
} from "@aws-sdk/client-ecs";
import { OpsAgentError } from "../../domain/errors.ts";
import type { Target } from "../../domain/target.ts";
import type { EcsReader } from "../../evidence/ports.ts";
import { readFailure } from "./aws-error.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { toServiceReading } from "./ecs-service-reading.ts";
import { createTaskLister } from "./ecs-task-lister.ts";
import { toTaskDefinitionReading, toTaskReading } from "./ecs-task-reading.ts";

/**
 * Reads Amazon ECS. `cluster` is part of every call: without it ECS uses the cluster named "default". Throws
 * `service-not-found` for a cluster that does not exist, and from `tasks` for a service that does not.
 */
export function createEcsReader(clients: AwsClients): EcsReader {
  const lister = createTaskLister(clients);
  return {
    async service(target, options) {
      const { sdk, client } = await clients.ecs();
      const input = { cluster: target.cluster, services: [target.service] };
      const describe = (wanted: DescribeServicesCommandInput) =>
        call("ecs:DescribeServices", options, (send) =>
          client.send(new sdk.DescribeServicesCommand(wanted), send),
        );
      const answer = options?.tags
        ? await withTags(describe, input)
        : { ...(await describe(input)), tagsUnread: false };
      const service = answer.services?.[0];
      if (service) {
        if (service.status === "INACTIVE") return undefined;
        // AWS always counts; a count that is missing is not 0.
        if (service.desiredCount === undefined || service.runningCount === undefined) {
          throw describeFailed(target, "the answer has no counts of tasks");
        }
        return { ...toServiceReading(service), ...(answer.tagsUnread ? { tagsUnread: true } : {}) };
      }
      const failure = answer.failures?.find(({ reason }) => reason !== "MISSING");
      if (failure) throw describeFailed(target, failure.reason ?? "without a reason");
      if (!answer.failures?.length) throw describeFailed(target, "the answer does not speak of it");
      return undefined;
    },

    async tasks(target, options) {
      const limit = options?.limit ?? 200;
      // An emulator may list the tasks of other services as well.
      const found = (await lister.all(target, limit, options)).filter((task) => isOfService(task, target));
      const running = found.filter(({ desiredStatus }) => desiredStatus !== "STOPPED");
      const stopped = found.filter(({ desiredStatus }) => desiredStatus === "STOPPED").sort(newestStopFirst);
      return {
        running: running.slice(0, limit).map(toTaskReading),
        stopped: stopped.slice(0, limit).map(toTaskReading),
      };
    },

    async task(target, taskArn, options) {
      const [task] = await lister.describe(target, [taskArn], options);
      return task && isOfService(task, target) ? toTaskReading(task) : undefined;
    },

    async taskDefinition(arn, options) {
      const { sdk, client } = await clients.ecs();
      const describe = (input: DescribeTaskDefinitionCommandInput) =>
        call("ecs:DescribeTaskDefinition", options, (send) =>
          client.send(new sdk.DescribeTaskDefinitionCommand(input), send),
        );
      const input = { taskDefinition: arn };
      try {
        const { taskDefinition, tags } = await (options?.tags ? withTags(describe, input) : describe(input));
        return taskDefinition && toTaskDefinitionReading(taskDefinition, tags);
      } catch (error) {
        if (isUnknownDefinition(error)) return undefined;
        throw error;
      }
    },
  };
}

/** Reads with the tags, or without them where only they are denied. */
async function withTags<I extends object, O extends object>(
  describe: (input: I & { include: ["TAGS"] }) => Promise<O>,
  input: I,
): Promise<O & { readonly tagsUnread: boolean }> {
  try {
    return { ...(await describe({ ...input, include: ["TAGS"] })), tagsUnread: false };
  } catch (error) {
    if (!isDeniedTags(error)) throw error;
    return { ...(await (describe as (input: I) => Promise<O>)(input)), tagsUnread: true };
  }
}

function isDeniedTags(error: unknown): boolean {
  return (
    error instanceof OpsAgentError &&
    error.code === "aws-denied" &&
    readFailure(error.cause).message.includes("ListTagsForResource")
  );
}

/** A task that is still stopping has no stop time yet and counts as the newest. */
function newestStopFirst(one: Task, other: Task): number {
  return stopTime(other) - stopTime(one);
}

function stopTime(task: Task): number {
  return (task.stoppedAt ?? task.stoppingAt)?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

/** A task of another group is not the target's, whatever its ARN. */
function isOfService(task: Task, target: Target): boolean {
  return !task.group?.startsWith("service:") || task.group === `service:${target.service}`;
}

/** ECS has no error code for this, so the text is matched. */
function isUnknownDefinition(error: unknown): boolean {
  if (!(error instanceof OpsAgentError)) return false;
  const { code, message } = readFailure(error.cause);
  return code === "ClientException" && /unable to describe task definition/i.test(message);
}

function describeFailed(target: Target, reason: string): OpsAgentError {
  return new OpsAgentError({
    code: "aws-failed",
    message: `ECS DescribeServices could not describe ${target.service} in ${target.cluster}: ${reason}`,
    remedy: "Look at the service in the ECS console, and check what the agent's role may read.",
  });
}
