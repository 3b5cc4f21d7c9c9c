import {
  type Input,
  invalid,
  readFlag,
  readNumber,
  readObject,
  readObjects,
  readText,
  readTexts,
  requireText,
} from "../../wire/input.ts";
import { WireError } from "../../wire/service.ts";
import type {
  ContainerDefinition,
  ContainerDependency,
  ContainerHealthCheck,
  LogRoute,
  TaskDefinition,
} from "../model.ts";

/** Reads RegisterTaskDefinition. Throws the errors that ECS gives for an incomplete one. */
export function readTaskDefinition(
  input: Input,
  identity: Pick<TaskDefinition, "arn" | "family" | "revision" | "registeredAt">,
): TaskDefinition {
  const containers = withRouter(readObjects(input, "containerDefinitions").map(readContainer));
  if (containers.length === 0) throw new WireError("ClientException", "Container list cannot be empty.");
  if (!containers.some((container) => container.essential)) {
    throw new WireError("ClientException", "At least one container must be essential.");
  }
  checkDependencies(containers);
  const cpu = readNumber(input, "cpu");
  const memory = readNumber(input, "memory");
  const ephemeralStorageGiB = readNumber(readObject(input, "ephemeralStorage"), "sizeInGiB");
  if (ephemeralStorageGiB !== undefined && (ephemeralStorageGiB < 21 || ephemeralStorageGiB > 200)) {
    throw new WireError(
      "ClientException",
      "Invalid setting for ephemeral storage size. Must be between 21 and 200 GiB.",
    );
  }
  const unlimited = readObjects(input, "containerDefinitions").find(
    (container) => container["memory"] === undefined && container["memoryReservation"] === undefined,
  );
  if (memory === undefined && unlimited) {
    throw new WireError(
      "ClientException",
      `Invalid setting for container '${unlimited["name"]}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  return {
    ...identity,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(ephemeralStorageGiB === undefined ? {} : { ephemeralStorageGiB }),
    containers,
    request: input,
  };
}

function readContainer(input: Input): ContainerDefinition {
  const memory = readNumber(input, "memory");
  const memoryReservation = readNumber(input, "memoryReservation");
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
    throw new WireError(
      "ClientException",
      `Invalid setting for container '${input["name"]}'. The hard limit (memory) of a container must be at least its soft limit (memoryReservation).`,
    );
  }
  const healthCheck = readHealthCheck(readObject(input, "healthCheck"));
  const log = readLogRoute(readObject(input, "logConfiguration"));
  return {
    name: requireText(input, "name"),
    image: requireText(input, "image"),
    cpu: readNumber(input, "cpu") ?? 0,
    ...(memory === undefined ? {} : { memory }),
    ...(memoryReservation === undefined ? {} : { memoryReservation }),
    essential: readFlag(input, "essential") ?? true,
    command: readTexts(input, "command"),
    environment: Object.fromEntries(
      readObjects(input, "environment").map((pair) => [
        requireText(pair, "name"),
        readText(pair, "value") ?? "",
      ]),
    ),
    secrets: readObjects(input, "secrets").map((secret) => ({
      name: requireText(secret, "name"),
      valueFrom: requireText(secret, "valueFrom"),
    })),
    portMappings: readObjects(input, "portMappings").map(readPortMapping),
    ...(healthCheck === undefined ? {} : { healthCheck }),
    stopTimeoutSeconds: readNumber(input, "stopTimeout") ?? 30,
    ...(log === undefined ? {} : { log }),
    isLogRouter: input["firelensConfiguration"] !== undefined && input["firelensConfiguration"] !== null,
    dependsOn: readObjects(input, "dependsOn").map(readDependency),
  };
}

function readLogRoute(input: Input): LogRoute | undefined {
  const driver = readText(input, "logDriver");
  if (driver === undefined) return undefined;
  const options = readObject(input, "options");
  if (driver === "awsfirelens") {
    const texts = Object.entries(options).map(([key, value]) => [key, String(value)]);
    return { driver, options: Object.fromEntries(texts) as Record<string, string> };
  }
  if (driver !== "awslogs") return { driver: "other" };
  const prefix = readText(options, "awslogs-stream-prefix");
  const region = readText(options, "awslogs-region");
  return {
    driver,
    group: requireText(options, "awslogs-group"),
    ...(prefix === undefined ? {} : { prefix }),
    ...(region === undefined ? {} : { region }),
  };
}

const conditions: readonly ContainerDependency["condition"][] = ["START", "COMPLETE", "SUCCESS", "HEALTHY"];

function readDependency(input: Input): ContainerDependency {
  const condition = conditions.find((one) => one === input["condition"]);
  if (!condition)
    throw invalid("condition of a container dependency must be one of START, COMPLETE, SUCCESS, HEALTHY.");
  return { containerName: requireText(input, "containerName"), condition };
}

/** Containers whose lines go through a log router start after it, as ECS has it. */
function withRouter(containers: readonly ContainerDefinition[]): ContainerDefinition[] {
  const router = containers.find((one) => one.isLogRouter);
  return containers.map((one) =>
    router && one.log?.driver === "awsfirelens"
      ? { ...one, dependsOn: [...one.dependsOn, { containerName: router.name, condition: "START" }] }
      : one,
  );
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
function checkDependencies(containers: readonly ContainerDefinition[]): void {
  for (const { name, dependsOn } of containers) {
    for (const { containerName, condition } of dependsOn) {
      const other = containers.find((one) => one.name === containerName);
      if (!other || other.name === name)
        throw new WireError(
          "ClientException",
          `Container '${name}' depends on '${containerName}', which is not there.`,
        );
      if (other.essential && (condition === "SUCCESS" || condition === "COMPLETE"))
        throw new WireError(
          "ClientException",
          `Container '${containerName}' is essential and cannot be waited for with the condition ${condition}.`,
        );
    }
  }
}

function readPortMapping(input: Input): ContainerDefinition["portMappings"][number] {
  const containerPort = readNumber(input, "containerPort");
  if (containerPort === undefined) throw invalid("containerPort is required in a port mapping.");
  const hostPort = readNumber(input, "hostPort");
  return { containerPort, ...(hostPort === undefined ? {} : { hostPort }) };
}

/** Defaults as in https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
function readHealthCheck(input: Input): ContainerHealthCheck | undefined {
  const command = readTexts(input, "command");
  if (command.length === 0) return undefined;
  return {
    command,
    intervalSeconds: readNumber(input, "interval") ?? 30,
    timeoutSeconds: readNumber(input, "timeout") ?? 5,
    retries: readNumber(input, "retries") ?? 3,
    startPeriodSeconds: readNumber(input, "startPeriod") ?? 0,
  };
}
