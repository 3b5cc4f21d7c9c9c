import type { LogSink } from "../../telemetry/types.ts";
import type { World } from "../../world.ts";
import type { Image } from "../images.ts";
import type { Container, PortBinding, Task } from "../model.ts";
import { freePort } from "../ports.ts";
import { logWriter } from "./container-logs.ts";
import { type ProcessExit, startContainerProcess } from "./container-process.ts";

/** A container whose process has been started, or could not be. */
export interface ContainerRuntime {
  readonly container: Container;
  readonly environment: Readonly<Record<string, string>>;
  readonly exited: Promise<ProcessExit>;
  readonly startError?: string;
}

/** What a container is started from, besides its definition. */
export interface ContainerInput {
  readonly image: Image;
  /** Values of its secrets, by the name of the variable. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Assigns a container its host ports and starts its process. The process gets the host port of its first mapping in
 * `PORT` and its task's disk in `TMPDIR`; its output goes where its log driver sends it.
 */
export async function startTaskContainer(
  task: Task,
  container: Container,
  input: ContainerInput,
  logs: LogSink,
  world: World,
): Promise<ContainerRuntime> {
  const { definition } = container;
  container.bindings = await bindPorts(container);
  const port = container.bindings[0]?.hostPort;
  const environment = {
    ...input.image.environment,
    ...definition.environment,
    ...input.secrets,
    ...task.disk?.environment,
    ...cpuQuota(task),
    ...(port === undefined ? {} : { PORT: String(port) }),
  };
  const print = logWriter(task, container, logs, world);

  const argv = [...(task.disk?.launcher ?? []), ...input.image.argv, ...definition.command];
  const process = startContainerProcess(argv, environment, (line) => {
    print(input.image.root === undefined ? line : line.replaceAll(input.image.root, "/app"));
  });
  container.process = process;
  await process.started;
  if (process.pid === undefined) {
    const exit = await process.exited;
    return { container, environment, exited: process.exited, startError: exit.startError ?? "" };
  }
  container.status = "RUNNING";
  const exited = process.exited.then((exit) => {
    container.status = "STOPPED";
    container.exitCode = exit.code;
    return exit;
  });
  return { container, environment, exited };
}

/**
 * CPU units of a whole task are a hard limit, those of a container are shares. The demo's processes keep to it
 * themselves, which is as hard and needs no rights of this machine.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 */
function cpuQuota({ definition: { cpu } }: Task): Readonly<Record<string, string>> {
  return cpu === undefined ? {} : { CPU_QUOTA_CORES: String(cpu / 1024) };
}

async function bindPorts(container: Container): Promise<PortBinding[]> {
  const bindings: PortBinding[] = [];
  for (const mapping of container.definition.portMappings) {
    const fixed = mapping.hostPort !== undefined && mapping.hostPort !== 0;
    bindings.push({
      containerPort: mapping.containerPort,
      hostPort: fixed ? (mapping.hostPort ?? 0) : await freePort(),
    });
  }
  return bindings;
}
