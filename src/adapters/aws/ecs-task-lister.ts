import type { DesiredStatus, Task } from "@aws-sdk/client-ecs";
import type { Target } from "../../domain/target.ts";
import type { ReadOptions } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { chunks } from "./defined.ts";

/** The most tasks of one page of ListTasks and one call of DescribeTasks. */
const batchSize = 100;

/**
 * ListTasks has neither order nor times, so tasks have to be described to find the newest stopped ones. This is the
 * most that are described: thousands stop within the hour that ECS keeps when a large service crash-loops.
 */
const stoppedScanned = 1_000;

/** Lists and describes the tasks of a service. */
export function createTaskLister(clients: AwsClients) {
  async function list(target: Target, desiredStatus: DesiredStatus, most: number, options?: ReadOptions) {
    const { sdk, client } = await clients.ecs();
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const input = {
        cluster: target.cluster,
        serviceName: target.service,
        desiredStatus,
        maxResults: batchSize,
        ...(nextToken === undefined ? {} : { nextToken }),
      };
      const page = await call("ecs:ListTasks", options, (send) =>
        client.send(new sdk.ListTasksCommand(input), send),
      );
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken && arns.length < most);
    return arns.slice(0, most);
  }

  /** Describes tasks by ARN. Tasks that ECS no longer has are left out. */
  async function describe(target: Target, arns: readonly string[], options?: ReadOptions): Promise<Task[]> {
    const { sdk, client } = await clients.ecs();
    const pages = await Promise.all(
      chunks(arns, batchSize).map((tasks) =>
        call("ecs:DescribeTasks", options, (send) =>
          client.send(new sdk.DescribeTasksCommand({ cluster: target.cluster, tasks }), send),
        ),
      ),
    );
    return pages.flatMap(({ tasks }) => tasks ?? []);
  }

  return {
    describe,
    /** Returns running and stopped tasks, each once, also when one stops between the two lists. */
    async all(target: Target, limit: number, options?: ReadOptions): Promise<Task[]> {
      const [running, stopped] = await Promise.all([
        list(target, "RUNNING", limit, options),
        list(target, "STOPPED", Math.max(limit, stoppedScanned), options),
      ]);
      return describe(target, [...new Set([...running, ...stopped])], options);
    },
  };
}
