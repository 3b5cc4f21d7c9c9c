/** Where the lines of a service's application are, by its task definition: what is read, and what cannot be. */
import type { Gap } from "./evidence.ts";
import type { ContainerDefinitionReading, TaskDefinitionReading, TaskReading } from "./reading.ts";

/** Streams of one log group. */
export interface LogPlace {
  readonly group: string;
  readonly region?: string;
  readonly streamPrefix?: string;
  readonly oneStream?: boolean;
  /** The application's containers that write there; none where it is only a convention. */
  readonly containers: readonly string[];
  /** Routers and agents, whose streams may lie beside. */
  readonly beside: readonly string[];
  /** Lines may have been dropped before they came there. */
  readonly mayLose: boolean;
}

export interface LogPlaces {
  readonly places: readonly LogPlace[];
  /** Containers whose lines cannot be read, or not surely all of them. */
  readonly gaps: readonly Gap[];
}

/** The most log configurations that are read: a task has ten containers at most. */
const MOST_PLACES = 10;

/**
 * Returns the places of the application's containers. Routers and agents are left out: they never speak for it. Where
 * no container says anything, it is the group that the operator named by convention.
 */
export function logPlacesOf(
  definition: TaskDefinitionReading | undefined,
  { cluster, otherwise }: { readonly cluster: string; readonly otherwise: string },
): LogPlaces {
  const containers = definition?.containers ?? [];
  const beside = containers.flatMap(({ name, role }) => (role === undefined ? [] : [name]));
  const found = containers
    .filter(({ role }) => role === undefined)
    .map((container) => placeOf(container, cluster, beside));
  const places = together(found.flatMap(({ place }) => place ?? [])).slice(0, MOST_PLACES);
  const gaps = found.flatMap(({ gap }) => gap ?? []);
  if (places.length > 0 || gaps.length > 0) return { places, gaps };
  const silent = containers.filter(({ role, logs }) => role === undefined && logs === undefined);
  return {
    places: [{ group: otherwise, containers: [], beside, mayLose: false }],
    gaps:
      silent.length === 0
        ? []
        : [
            unconfiguredGap(
              silent.map(({ name }) => name),
              otherwise,
            ),
          ],
  };
}

/** Containers that share their streams are read once. */
function together(places: readonly LogPlace[]): LogPlace[] {
  const found = new Map<string, LogPlace>();
  for (const place of places) {
    const key = [place.group, place.region, place.streamPrefix, place.oneStream].join("|");
    const known = found.get(key);
    found.set(key, {
      ...place,
      containers: [...(known?.containers ?? []), ...place.containers],
      mayLose: place.mayLose || known?.mayLose === true,
    });
  }
  return [...found.values()];
}

interface Found {
  readonly place?: LogPlace;
  readonly gap?: Gap;
}

function placeOf(
  { name, logs }: ContainerDefinitionReading,
  cluster: string,
  beside: readonly string[],
): Found {
  if (logs === undefined) return {};
  const { group: template, region, streamPrefix, oneStream, mode, unread } = logs;
  if (template === undefined) return { gap: unreadGap(name, `${unread ?? "go elsewhere"}: not read`) };
  const group = template.replaceAll(CLUSTER, cluster);
  const variable = VARIABLE.exec(group)?.[0];
  if (variable !== undefined) {
    return {
      gap: unreadGap(name, `go to a log group whose name has ${variable}, which is not known: not read`),
    };
  }
  return {
    place: {
      group,
      ...(region === undefined ? {} : { region }),
      ...(streamPrefix === undefined ? {} : { streamPrefix }),
      ...(oneStream === undefined ? {} : { oneStream }),
      containers: [name],
      beside,
      mayLose: mode === "non-blocking",
    },
    ...(unread === undefined ? {} : { gap: unreadGap(name, unread) }),
  };
}

/** The variable of FireLens that the service itself answers, in the spelling of the plugins in Go and in C. */
const CLUSTER = /\$\(ecs_cluster\)|\$ecs_cluster(?![\w['])/g;
const VARIABLE = /\$\([^)]*\)?|\$[A-Za-z_][\w[\]']*/;

/** Told, and no lack of evidence by itself: the lines may be where the operator's convention says. */
function unconfiguredGap(containers: readonly string[], group: string): Gap {
  return {
    source: "log-configuration",
    code: "absent",
    message: `The task definition has no log configuration for ${containers.join(", ")}: lines are looked for in ${group} by convention.`,
    remedy: "Give the container a log configuration (awslogs), so that its last words are kept.",
    important: false,
  };
}

function unreadGap(container: string, where: string): Gap {
  return {
    source: "logs",
    code: "unread",
    message: `The logs of container ${container} ${where}.`,
    remedy:
      "Look for them there; `tolerateGaps: [logs]` in the policy file lets the agent act without the application's logs.",
    important: false,
  };
}

/** Returns the places for a sentence: `/ecs/shop (streams web/app/), /jobs in eu-west-1`. */
export function placesText(places: readonly LogPlace[]): string {
  const names = places.map(({ group, region, streamPrefix }) => {
    const where = region === undefined ? group : `${group} in ${region}`;
    return streamPrefix === undefined ? where : `${where} (streams ${streamPrefix})`;
  });
  return [...new Set(names)].join(", ");
}

/** Who writes to a stream, as far as its name and ECS tell. */
export interface StreamOwner {
  readonly taskId?: string;
  readonly container?: string;
}

const TASK_ID = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g;
const RUNTIME_ID = /^[0-9a-f]{64}$/;
/** `prefix/container/task-id` of awslogs. */
const AWSLOGS = /\/([^/]+)\/[0-9a-f]{32}$/;

/**
 * Returns who writes to a stream, or undefined where that is not the application of this service: another task, a
 * router, an agent. Streams are named `prefix/container/task-id` (awslogs), by Docker's id of the container (awslogs
 * without a prefix), or `prefix-container-firelens-task-id` (FireLens). A stream that names nobody stays.
 * @param tasks all that ECS lists for the service, running and stopped; undefined where the list is not known to be whole
 */
export function streamOwner(
  place: LogPlace,
  tasks: readonly TaskReading[] | undefined,
): (stream: string) => StreamOwner | undefined {
  const ids = tasks && new Set(tasks.map(({ id }) => id));
  const running = new Map(
    (tasks ?? []).flatMap(({ id, containers }) =>
      containers.flatMap(({ name, runtimeId }) =>
        runtimeId === undefined ? [] : [[runtimeId, { taskId: id, container: name }] as const],
      ),
    ),
  );
  const { streamPrefix = "", oneStream, containers, beside } = place;
  return (stream) => {
    if (oneStream === true ? stream !== streamPrefix : !stream.startsWith(streamPrefix)) return undefined;
    if (RUNTIME_ID.test(stream) && running.size > 0) {
      const owner = running.get(stream);
      return owner !== undefined && beside.includes(owner.container) ? undefined : owner;
    }
    const taskId = stream.match(TASK_ID)?.at(-1);
    if (taskId !== undefined && ids !== undefined && !ids.has(taskId)) return undefined;
    const named = AWSLOGS.exec(stream)?.[1];
    if (named !== undefined && beside.includes(named)) return undefined;
    const container = containers.length === 1 ? containers[0] : named;
    return {
      ...(taskId === undefined ? {} : { taskId }),
      ...(container === undefined ? {} : { container }),
    };
  };
}
