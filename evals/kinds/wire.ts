/** Puts an input, in AWS's own shapes, over the answers of a story. */
import { type Answer, awsError, json, xml } from "../../test/support/aws-stub-answers.ts";
import type { StubInput } from "../../test/support/aws-stub-server.ts";
import { createRandom } from "../scenarios/random.ts";
import type { Handlers } from "../scenarios/wire/handlers.ts";
import type { Scene } from "../scenarios/wire/scene.ts";
import type { Lines, ServiceInput, TargetGroup } from "./types.ts";

type Shape = Readonly<Record<string, unknown>>;

/** The region of the stories. */
const REGION = "eu-west-1";

/** The answers of the story with the input's own over them. */
export function overlay(given: ServiceInput, scene: Scene, story: Handlers): Handlers {
  const input = filled(given, scene) as ServiceInput;
  const { service = {}, definition = {}, events = [], answers = {} } = input;
  const definitions = listOf(definition["containerDefinitions"]);
  const tasks = new Map(stopsOf(input).map((task, index) => [scene.stopped[index]?.arn, task]));
  return {
    ...story,
    DescribeServices: (asked) =>
      changed(story["DescribeServices"]?.(asked), "services", (one) => {
        const merged = merge(one, service);
        const told = events.map(([minutes, message], index) => ({
          id: `e-${index}`,
          createdAt: scene.seconds(-minutes),
          message,
        }));
        return { ...merged, events: [...told, ...listOf(merged["events"])] };
      }),
    DescribeTaskDefinition: (asked) => {
      const answer = story["DescribeTaskDefinition"]?.(asked);
      const body = bodyOf(answer)["taskDefinition"] as Shape;
      const [usual = {}] = listOf(body["containerDefinitions"]);
      const containers = definitions.map((one) => ({
        image: usual["image"],
        cpu: 0,
        environment: [],
        ...one,
      }));
      const own = containers.length === 0 ? definition : { ...definition, containerDefinitions: containers };
      return json({ taskDefinition: merge(body, own) });
    },
    ListTasks: (asked) => {
      const { taskArns } = bodyOf(story["ListTasks"]?.(asked)) as { readonly taskArns: readonly string[] };
      const more = asked["desiredStatus"] === "STOPPED" ? [] : strangersOf(scene, input.strangers);
      return json({ taskArns: [...taskArns, ...more] });
    },
    DescribeTasks: (asked) =>
      changed(withStrangers(story["DescribeTasks"]?.(asked), scene, asked), "tasks", (task) => {
        if (isStranger(task["taskArn"])) return task;
        const stop = tasks.get(String(task["taskArn"]));
        return stop === undefined ? runningTask(task, definitions, input.running) : stoppedTask(task, stop);
      }),
    ...(input.logs === undefined ? {} : logHandlers(input.logs, scene)),
    ...(input.targetGroups === undefined ? {} : targetHandlers(input.targetGroups, scene, story)),
    ...Object.fromEntries(Object.entries(answers).map(([operation, body]) => [operation, () => json(body)])),
  };
}

/** How the story has the input's stops: enough of them, at their times. */
export function stopsOf(input: ServiceInput): readonly (Shape & { readonly at: number; lived?: number })[] {
  return (input.stops ?? []).flatMap(({ times = 5, newest = 2, every = 4, lived, task }) =>
    Array.from({ length: times }, (_, index) => ({
      ...task,
      at: -newest - index * every,
      ...(lived === undefined ? {} : { lived }),
    })),
  );
}

const STRANGER = "5747a6e5000000000000000000000000";

function strangersOf(scene: Scene, count = 0): string[] {
  return Array.from({ length: count }, (_, index) =>
    scene.arn("ecs", `task/${scene.cluster}/${STRANGER}`.slice(0, -1) + index),
  );
}

const isStranger = (arn: unknown) => String(arn).includes(STRANGER.slice(0, 8));

function withStrangers(answer: Answer | undefined, scene: Scene, asked: StubInput): Answer {
  const known = listOf(bodyOf(answer)["tasks"]);
  const [like = {}] = known;
  const more = (asked["tasks"] as readonly string[]).filter(isStranger).map((taskArn, index) => ({
    ...like,
    taskArn,
    containers: listOf(like["containers"]).map((one) => ({
      ...one,
      networkBindings: [],
      networkInterfaces: [{ attachmentId: "5747a6e5", privateIpv4Address: `10.0.99.${index + 4}` }],
    })),
    group: "service:payments",
    taskDefinitionArn: scene.arn("ecs", "task-definition/payments:4"),
  }));
  return json({ tasks: [...known, ...more], failures: [] });
}

function runningTask(task: Shape, definitions: readonly Shape[], running: Shape = {}): Shape {
  const [usual = {}] = listOf(task["containers"]);
  const { exitCode: _, ...alive } = usual;
  const containers = definitions.map((one, index) =>
    index === 0 ? { ...alive, name: one["name"] } : { ...alive, name: one["name"], networkBindings: [] },
  );
  return merge(containers.length === 0 ? task : { ...task, containers }, running);
}

function stoppedTask(task: Shape, { at: _, lived: __, ...own }: Shape): Shape {
  const [usual = {}] = listOf(task["containers"]);
  const { exitCode, reason, ...rest } = usual;
  const containers = listOf(own["containers"]).map((one) =>
    defined({ ...rest, lastStatus: "STOPPED", ...one }),
  );
  return merge(task, containers.length === 0 ? own : { ...own, containers });
}

function logHandlers(logs: readonly Lines[], scene: Scene): Handlers {
  const events = logs.flatMap((one) => eventsOf(one, scene));
  const inside = (input: StubInput, region: string | undefined) => {
    const group = String(input["logGroupName"] ?? input["logGroupIdentifier"]).replace(
      /^arn:[^*]*:log-group:/,
      "",
    );
    const [prefix, names] = [input["logStreamNamePrefix"], input["logStreamNames"] as string[] | undefined];
    const known = events.filter((one) => one.group === group && one.region === (region ?? REGION));
    if (known.length === 0) return undefined;
    return known.filter(
      ({ logStreamName }) =>
        (prefix === undefined || logStreamName.startsWith(String(prefix))) &&
        (names === undefined || names.includes(logStreamName)),
    );
  };
  const missing = awsError("ResourceNotFoundException", {
    message: "The specified log group does not exist.",
  });
  return {
    FilterLogEvents: (input, call) => {
      const found = inside(input, call?.region)?.filter(
        ({ timestamp }) => timestamp >= Number(input["startTime"]) && timestamp <= Number(input["endTime"]),
      );
      if (found === undefined) return missing;
      const oldest = found.toSorted((one, other) => one.timestamp - other.timestamp);
      const ordered = input["startFromHead"] === false ? oldest.reverse() : oldest;
      const start = Number(input["nextToken"] ?? 0);
      const next = start + 500 < ordered.length ? { nextToken: `${start + 500}` } : {};
      const page = ordered.slice(start, start + 500).map(({ group, region, ...event }) => event);
      return json({ events: page, searchedLogStreams: [], ...next });
    },
    DescribeLogStreams: (input, call) => {
      const found = inside(input, call?.region);
      if (found === undefined) return missing;
      const names = [...new Set(found.map((one) => one.logStreamName))];
      return json({
        logStreams: names.map((logStreamName) => ({ logStreamName, lastEventTimestamp: scene.now })),
      });
    },
  };
}

function eventsOf({ group, region = REGION, stream, count, from = 12, to = 0, text }: Lines, scene: Scene) {
  const random = createRandom(`${group} ${stream} ${text}`);
  const started = scene.running.filter(({ age }) => age !== undefined);
  return Array.from({ length: count }, (_, index) => ({
    group,
    region,
    timestamp: Math.round(scene.time(-from + ((from - to) * (index + random.next())) / count)),
    logStreamName: stream.replace("{task}", started[index % started.length]?.id ?? "gone"),
    message: text.replaceAll("{n}", `${random.integer(100, 9_999)}`),
    ingestionTime: scene.now,
    eventId: `${group}${stream}${index}`,
  }));
}

function targetHandlers(groups: readonly TargetGroup[], scene: Scene, story: Handlers): Handlers {
  const isStory = (arn: string) => arn === scene.targetGroupArn;
  return {
    DescribeTargetGroups: (input) => {
      const asked = groups.filter(({ arn }) => Object.values(input).includes(arn));
      const members = asked.map(({ arn, attached = true }) => {
        const answer = story["DescribeTargetGroups"]?.({}) as { result: string };
        const own = answer.result
          .replaceAll(scene.targetGroupArn, arn)
          .replace(/<TargetGroupName>[^<]*/, `<TargetGroupName>${arn.split("/")[1]}`)
          .replace(/^<TargetGroups>|<\/TargetGroups>$/g, "");
        return attached
          ? own
          : own.replace(/<LoadBalancerArns>.*<\/LoadBalancerArns>/, "<LoadBalancerArns/>");
      });
      return xml(`<TargetGroups>${members.join("")}</TargetGroups>`);
    },
    DescribeTargetHealth: (input) => {
      const group = groups.find(({ arn }) => arn === input["TargetGroupArn"]);
      if (group === undefined) return awsError("TargetGroupNotFound");
      if (isStory(group.arn) && group.health.length === 0) {
        return story["DescribeTargetHealth"]?.(input) ?? xml("");
      }
      const members = group.health.map(
        ({ id, state, reason, description }) =>
          `<member><Target><Id>${id}</Id><Port>${scene.port}</Port></Target><TargetHealth><State>${state}</State>${
            reason === undefined ? "" : `<Reason>${reason}</Reason>`
          }${description === undefined ? "" : `<Description>${description}</Description>`}</TargetHealth></member>`,
      );
      return xml(`<TargetHealthDescriptions>${members.join("")}</TargetHealthDescriptions>`);
    },
  };
}

/** Fills the places of an input's texts: `{ago 5}` is a time in seconds, the others are texts. */
function filled(value: unknown, scene: Scene): unknown {
  if (Array.isArray(value)) return value.map((one) => filled(one, scene));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [filled(key, scene), filled(one, scene)]),
    );
  }
  if (typeof value !== "string") return value;
  const ago = /^\{ago (-?[\d.]+)\}$/.exec(value)?.[1];
  if (ago !== undefined) return scene.seconds(-Number(ago));
  return value
    .replace(/\{task (\d+)\}/g, (_, index) => scene.running[Number(index)]?.id ?? "")
    .replace(/\{address (\d+)\}/g, (_, index) => scene.running[Number(index)]?.address ?? "")
    .replace(/\{definition(-1)?\}/g, (_, before) => scene.definitionArn(before === undefined ? 0 : -1))
    .replaceAll("{targetGroup}", scene.targetGroupArn)
    .replaceAll("{deployment}", scene.deployments[0]?.id ?? "");
}

function changed(answer: Answer | undefined, list: string, change: (one: Shape) => Shape): Answer {
  const body = bodyOf(answer);
  return json({ ...body, [list]: listOf(body[list]).map(change) });
}

function bodyOf(answer: Answer | undefined): Shape {
  if (answer?.kind !== "json") throw new Error("The story answers with no JSON here.");
  return answer.body as Shape;
}

function listOf(value: unknown): readonly Shape[] {
  return Array.isArray(value) ? value : [];
}

function merge(one: Shape, other: Shape): Shape {
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = result[key];
    result[key] = isShape(value) && isShape(before) ? merge(before, value) : value;
  }
  return defined(result);
}

/** Without what the input takes away by null, as AWS leaves a field out. */
function defined(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== null));
}

function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
