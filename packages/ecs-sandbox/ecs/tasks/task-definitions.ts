import { type Input, readObjects, readText, requireText } from "../../wire/input.ts";
import type { Operation } from "../../wire/service.ts";
import { arnOf } from "../../world.ts";
import type { TaskDefinition } from "../model.ts";
import { pageOf } from "../paging.ts";
import { type EcsState, findTaskDefinition } from "../state.ts";
import { readTaskDefinition } from "./task-definition-input.ts";

/** RegisterTaskDefinition, DescribeTaskDefinition, ListTaskDefinitions. */
export function taskDefinitionOperations(state: EcsState): Record<string, Operation> {
  return {
    RegisterTaskDefinition(input) {
      const family = requireText(input, "family");
      const revisions = state.taskDefinitions.get(family) ?? [];
      const revision = (revisions.at(-1)?.revision ?? 0) + 1;
      const definition = readTaskDefinition(input, {
        arn: arnOf(state.world, "ecs", `task-definition/${family}:${revision}`),
        family,
        revision,
        registeredAt: new Date(state.world.now()),
      });
      state.taskDefinitions.set(family, [...revisions, definition]);
      return { taskDefinition: taskDefinitionView(definition) };
    },

    DescribeTaskDefinition(input) {
      const definition = findTaskDefinition(state, requireText(input, "taskDefinition"));
      return { taskDefinition: taskDefinitionView(definition), tags: [] };
    },

    ListTaskDefinitions(input) {
      const prefix = readText(input, "familyPrefix");
      const newestFirst = readText(input, "sort") === "DESC";
      const arns = [...state.taskDefinitions.values()]
        .flat()
        .filter((definition) => prefix === undefined || definition.family === prefix)
        .map((definition) => definition.arn);
      const page = pageOf(input, newestFirst ? arns.reverse() : arns);
      return { taskDefinitionArns: page.items, nextToken: page.nextToken };
    },
  };
}

function taskDefinitionView(definition: TaskDefinition): Record<string, unknown> {
  const { request } = definition;
  return {
    taskDefinitionArn: definition.arn,
    containerDefinitions: readObjects(request, "containerDefinitions").map(containerView),
    family: definition.family,
    taskRoleArn: request["taskRoleArn"],
    executionRoleArn: request["executionRoleArn"],
    networkMode: request["networkMode"] ?? "bridge",
    revision: definition.revision,
    volumes: request["volumes"] ?? [],
    status: "ACTIVE",
    placementConstraints: [],
    compatibilities: request["requiresCompatibilities"] ?? ["EXTERNAL", "EC2"],
    requiresCompatibilities: request["requiresCompatibilities"] ?? ["EC2"],
    cpu: request["cpu"],
    memory: request["memory"],
    ephemeralStorage: request["ephemeralStorage"],
    registeredAt: definition.registeredAt,
    registeredBy: "arn:aws:sts::000000000000:assumed-role/deploy/pipeline",
  };
}

function containerView(container: Input): Record<string, unknown> {
  return {
    ...container,
    cpu: container["cpu"] ?? 0,
    essential: container["essential"] ?? true,
    environment: container["environment"] ?? [],
    portMappings: readObjects(container, "portMappings").map((mapping) => ({
      ...mapping,
      hostPort: mapping["hostPort"] ?? 0,
      protocol: mapping["protocol"] ?? "tcp",
    })),
    mountPoints: container["mountPoints"] ?? [],
    volumesFrom: container["volumesFrom"] ?? [],
  };
}
