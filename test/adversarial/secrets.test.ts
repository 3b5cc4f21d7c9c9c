/** Secrets wherever strangers and operators leave them; none may reach a prompt, Slack, the store, the log, an RCA. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../../evals/scenarios/random.ts";
import { renderRcaHtml } from "../../src/reporting/rca/rca-html.ts";
import { renderRca } from "../../src/reporting/rca/rca-markdown.ts";
import { phrasings } from "../samples/secret-phrasings.ts";
import { makeVendorKeys } from "../samples/vendor-keys.ts";
import { type World, withWorld } from "../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";
import { json } from "../support/aws-stub-answers.ts";
import { completion, goodAnswer } from "../support/model-server.ts";
import { makePrivateKey, makeSecrets, type Secret } from "../support/secrets.ts";

type Fields = Record<string, unknown>;

const PLACES = [
  "log lines",
  "JSON log lines",
  "alarm description",
  "alarm reason",
  "stopped reason",
  "container reason",
  "image",
  "command",
  "health check",
  "service event",
  "rollout reason",
  "metric label",
  "alarm's state reason",
  "scaling activity",
  "model's answer",
] as const;
type Place = (typeof PLACES)[number];

/** Vendors' keys and phrasings in turn: every place gets some, and each comes to three places. */
function shareOf<T>(all: readonly T[], place: Place): T[] {
  const turn = PLACES.indexOf(place);
  return all.filter((_one, i) => [0, 5, 10].some((step) => (i + step) % PLACES.length === turn));
}

/** Other values for every place, so that a leak names the place that it came from. */
const secretsOf = (place: Place): Secret[] => [
  ...makeSecrets(PLACES.indexOf(place)),
  makePrivateKey(PLACES.indexOf(place)),
  ...moreSecretsOf(place),
];

function moreSecretsOf(place: Place): Secret[] {
  const random = createRandom(place);
  const keys = shareOf(makeVendorKeys(random.next), place);
  const oneLine = phrasings.filter(({ phrasing }) => !phrasing.includes("\n"));
  return [
    ...keys.map(({ vendor, key }) => ({
      kind: vendor,
      value: key.slice(-12),
      text: `key ${key} of ${vendor}`,
    })),
    ...shareOf(oneLine, place).map(({ phrasing, write, hidden }) => {
      const secret = `k${random.hex(9)}Q${random.hex(9)}Z7`;
      return { kind: phrasing, value: hidden(secret), text: write(secret) };
    }),
  ];
}

/** All of them in one text; long texts end early, so that each place begins with other kinds. */
function textOf(place: Place): string {
  const texts = secretsOf(place).map(({ text }) => text);
  const first = (PLACES.indexOf(place) * 5) % texts.length;
  return [...texts.slice(first), ...texts.slice(0, first)].join(" ; ");
}

function plantAll(world: World): void {
  const { aws } = world;
  const body = (operation: Parameters<typeof aws.answer>[0], input: Fields): Fields => {
    const answer = aws.answer(operation, input);
    if (answer.kind !== "json") throw new Error(`${operation} is not answered in JSON.`);
    return structuredClone(answer.body) as Fields;
  };
  const old = "arn:aws:ecs:us-east-1:000000000000:task/sandbox/00000000000000000000000000000099";
  aws.on("FilterLogEvents", () =>
    json({
      events: [...secretsOf("log lines"), ...secretsOf("JSON log lines")].map(({ text }, index, all) => ({
        eventId: String(index),
        logStreamName: "app/shop/a",
        timestamp: Date.now() - 30_000 + index,
        message:
          index < all.length / 2
            ? `ERROR call failed: ${text}`
            : JSON.stringify({ level: "error", msg: text }),
      })),
    }),
  );
  aws.on("ListTasks", (input) => {
    const listed = body("ListTasks", input);
    return json(input["desiredStatus"] === "STOPPED" ? { taskArns: [old] } : listed);
  });
  aws.on("DescribeTasks", (input) => {
    const described = body("DescribeTasks", input);
    const tasks = described["tasks"] as Fields[];
    for (const task of tasks.filter(({ taskArn }) => taskArn === old)) {
      Object.assign(task, {
        lastStatus: "STOPPED",
        desiredStatus: "STOPPED",
        stopCode: "EssentialContainerExited",
        stoppedReason: textOf("stopped reason"),
        stoppedAt: Date.now() / 1000 - 60,
        containers: [{ name: "app", exitCode: 1, reason: textOf("container reason") }],
      });
    }
    return json(described);
  });
  aws.on("DescribeTaskDefinition", (input) => {
    const described = body("DescribeTaskDefinition", input);
    const definition = described["taskDefinition"] as Fields;
    const [container] = definition["containerDefinitions"] as Fields[];
    if (String(definition["taskDefinitionArn"]).endsWith(":7")) {
      Object.assign(container ?? {}, {
        image: `registry.test/shop:${textOf("image")}`,
        command: ["sh", "-c", textOf("command")],
        healthCheck: { command: ["CMD-SHELL", textOf("health check")] },
      });
    }
    return json(described);
  });
  aws.on("DescribeServices", (input) => {
    const described = body("DescribeServices", input);
    const [service] = described["services"] as Fields[];
    const [deployment] = (service?.["deployments"] ?? []) as Fields[];
    Object.assign(service ?? {}, {
      events: [
        {
          id: "1",
          createdAt: Date.now() / 1000 - 60,
          message: `(service shop) was unable to place a task. Reason: ${textOf("service event")}`,
        },
      ],
    });
    Object.assign(deployment ?? {}, { rolloutStateReason: textOf("rollout reason") });
    return json(described);
  });
  aws.on("GetMetricData", (input) => {
    const data = body("GetMetricData", input);
    for (const result of data["MetricDataResults"] as Fields[]) result["Label"] = textOf("metric label");
    return json(data);
  });
  aws.on("DescribeAlarms", (input) => {
    const described = body("DescribeAlarms", input);
    for (const alarm of described["MetricAlarms"] as Fields[])
      alarm["StateReason"] = textOf("alarm's state reason");
    return json(described);
  });
  aws.on("DescribeScalingActivities", () =>
    json({
      ScalingActivities: [
        {
          ActivityId: "1",
          ServiceNamespace: "ecs",
          ResourceId: "service/sandbox/shop",
          ScalableDimension: "ecs:service:DesiredCount",
          Description: textOf("scaling activity"),
          Cause: textOf("scaling activity"),
          StartTime: Date.now() / 1000 - 90,
          StatusCode: "Successful",
        },
      ],
    }),
  );
}

const event = () =>
  snsEvent(
    alarmMessage({ AlarmDescription: textOf("alarm description"), NewStateReason: textOf("alarm reason") }),
  );

/** Every secret that stands in the text, with the place that it was left in. */
function leaksIn(text: string): string[] {
  return PLACES.flatMap((place) =>
    secretsOf(place).flatMap(({ kind, value }) =>
      [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)].some((form) =>
        text.includes(form),
      )
        ? [`${kind} of ${place}`]
        : [],
    ),
  );
}

async function expectNoLeak(world: World): Promise<void> {
  const incident = await world.handleOne(event());

  expect(incident.evidence?.facts.length).toBeGreaterThan(10);
  expect(incident.evidence?.lastLines.length).toBeGreaterThan(30);
  expect(world.slack.posts.length).toBeGreaterThan(0);
  const outputs = {
    prompts: JSON.stringify(world.model?.requests ?? []),
    "questions for words": JSON.stringify(world.model?.explanations ?? []),
    slack: JSON.stringify(world.slack.posts),
    markdown: renderRca(incident),
    html: renderRcaHtml(incident),
    "store, log and answers": world.traces(),
  };
  // People see the addresses of their own network, a model does not.
  const mayLeak = (name: string, leak: string) => name !== "prompts" && leak.startsWith("own address");
  for (const [name, text] of Object.entries(outputs)) {
    const leaks = leaksIn(text).filter((leak) => !mayLeak(name, leak));
    expect({ name, leaks }).toEqual({ name, leaks: [] });
  }
  expect(world.traces()).toContain("[redacted:");
}

describe.concurrent("secrets left in fifteen places", () => {
  it(
    "reach nobody, with the rules",
    withWorld({}, async (world) => {
      plantAll(world);

      await expectNoLeak(world);
    }),
  );

  it(
    "reach nobody, with a model that asks for more and repeats what it should not know",
    withWorld(
      {
        model: [
          completion(goodAnswer({ more: [{ read: "older-window", minutes: 15 }] })),
          completion(
            goodAnswer({
              rootCause: textOf("model's answer"),
              rca: textOf("model's answer"),
              nextSteps: secretsOf("model's answer").map(({ text }) => text),
            }),
          ),
        ],
      },
      async (world) => {
        plantAll(world);
        const words = textOf("model's answer");
        world.model?.explain(
          completion(
            JSON.stringify({
              cause: words,
              impact: words,
              nextSteps: [words],
              quotes: [words],
              question: words,
            }),
          ),
        );

        await expectNoLeak(world);
        expect(world.model?.requests).toHaveLength(2);
        expect(world.model?.explanations).toHaveLength(1);
      },
    ),
  );

  it("are seen by this test where they are not redacted", () => {
    expect(new Set(leaksIn(PLACES.map(textOf).join("\n"))).size).toBeGreaterThan(500);
  });
});
