import { invalid, readText, readTexts, requireText } from "../../wire/input.ts";
import { type Operation, WireError } from "../../wire/service.ts";
import { arnOf } from "../../world.ts";
import type { Cluster, Task } from "../model.ts";
import { pageOf } from "../paging.ts";
import { type EcsState, findCluster, findService, shortName } from "../state.ts";
import { stoppedByUser } from "../wording.ts";
import type { TaskLifecycle } from "./task-lifecycle.ts";
import { taskView } from "./task-view.ts";

/** ListTasks, DescribeTasks, StopTask. */
export function taskOperations(state: EcsState, lifecycle: TaskLifecycle): Record<string, Operation> {
  function find(cluster: Cluster, idOrArn: string): Task | undefined {
    return state.tasks.get(taskArn(cluster, idOrArn));
  }

  function taskArn(cluster: Cluster, idOrArn: string): string {
    return idOrArn.startsWith("arn:")
      ? idOrArn
      : arnOf(state.world, "ecs", `task/${cluster.name}/${shortName(idOrArn)}`);
  }

  return {
    ListTasks(input) {
      const cluster = findCluster(state, input);
      const desiredStatus = readText(input, "desiredStatus") ?? "RUNNING";
      const serviceName = readText(input, "serviceName");
      const service = serviceName === undefined ? undefined : findService(state, cluster, serviceName);
      const family = readText(input, "family");
      const startedBy = readText(input, "startedBy");
      const instance = readText(input, "containerInstance");
      const launchType = readText(input, "launchType");
      if (
        startedBy !== undefined &&
        [serviceName, family, instance, launchType].some((one) => one !== undefined)
      )
        throw invalid("startedBy must be the only filter that you use.");
      const arns = [...state.tasks.values()]
        .filter((task) => task.cluster === cluster && task.desiredStatus === desiredStatus)
        .filter((task) => service === undefined || task.service === service)
        .filter((task) => instance === undefined || task.instance?.id === shortName(instance))
        .filter((task) => launchType === undefined || task.service.launchType === launchType)
        .filter((task) => family === undefined || task.definition.family === family)
        .filter((task) => startedBy === undefined || task.deploymentId === startedBy)
        .map((task) => task.arn);
      const page = pageOf(input, arns);
      return { taskArns: page.items, nextToken: page.nextToken };
    },

    DescribeTasks(input) {
      const cluster = findCluster(state, input);
      const asked = readTexts(input, "tasks");
      if (asked.length === 0) throw invalid("Tasks cannot be empty.");
      if (asked.length > 100) throw invalid("Cannot describe more than 100 tasks.");
      const found = asked.map((one) => ({ arn: taskArn(cluster, one), task: find(cluster, one) }));
      return {
        tasks: found.flatMap(({ task }) => (task?.cluster === cluster ? [taskView(task)] : [])),
        failures: found
          .filter(({ task }) => task?.cluster !== cluster)
          .map(({ arn }) => ({ arn, reason: "MISSING" })),
      };
    },

    StopTask(input) {
      const cluster = findCluster(state, input);
      const task = find(cluster, requireText(input, "task"));
      if (!task || task.cluster !== cluster) {
        throw new WireError("InvalidParameterException", "The referenced task was not found.");
      }
      const reason = readText(input, "reason");
      void lifecycle.stop(task, { code: "UserInitiated", reason: reason ?? stoppedByUser });
      return { task: taskView(task) };
    },
  };
}
