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
import type { ContainerDefinition, ContainerHealthCheck, TaskDefinition } from "../model.ts";

/** Reads RegisterTaskDefinition. Throws the errors that ECS gives for an incomplete one. */
export function readTaskDefinition(
  input: Input,
  identity: Pick<TaskDefinition, "arn" | "family" | "revision" | "registeredAt">,
): TaskDefinition {
  const containers = readObjects(input, "containerDefinitions").map(readContainer);
  if (containers.length === 0) throw new WireError("ClientException", "Container list cannot be empty.");
  if (!containers.some((container) => container.essential)) {
    throw new WireError("ClientException", "At least one container must be essential.");
  }
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
  const logOptions = readObject(readObject(input, "logConfiguration"), "options");
  const logGroup = readText(logOptions, "awslogs-group");
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
    ...(logGroup === undefined ? {} : { logGroup }),
  };
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
