/** Runs an input of ingestion through its public door. */
import { readEvent } from "../../src/ingestion/read-event.ts";
import { has, hasNot } from "./run-service.ts";
import type { EventExpectation, EventForm, EventInput } from "./types.ts";

type Result = ReturnType<typeof readEvent>;

/** Reads the input's events one after another, and everything that they gave. */
export function runEvents({ events, cluster = "production", alarms = [] }: EventInput): Result {
  const results = events.map((event) =>
    readEvent(eventOf(event), { receivedAt: "2026-11-23T07:00:02.000Z", cluster, alarms }),
  );
  return {
    // As the policy's defaults judge stops: one for lack of memory is an alert, one of another kind is noted.
    alerts: results.flatMap(({ alerts, stops }) => [
      ...alerts,
      ...stops.flatMap(({ alert, rate }) => (rate === "outOfMemory" ? [alert] : [])),
    ]),
    stops: [],
    noted: results.flatMap(({ noted, stops }) => [
      ...noted,
      ...stops.flatMap(({ noted: note, rate }) => (rate === "outOfMemory" ? [] : [note])),
    ]),
    unreadable: results.flatMap((one) => one.unreadable),
  };
}

/** The event with the envelope that it came in. */
export function eventOf(form: EventForm): unknown {
  if ("raw" in form) return form.raw;
  if ("sqs" in form) {
    return {
      Records: form.sqs.map((body, index) => ({
        messageId: `c80e8021-a70a-42c7-a470-796e1186f75${index}`,
        receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        body: textOf(body),
        attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1795330801500" },
        messageAttributes: {},
        md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:alarms",
        awsRegion: "us-east-1",
      })),
    };
  }
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: "arn:aws:sns:us-east-1:123456789012:alerts:34a7b0cb",
        Sns: {
          Type: "Notification",
          MessageId: "6b034f0c-b465-58da-a999-179029ec5364",
          TopicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
          Subject: form.subject ?? null,
          Message: textOf(form.sns),
          Timestamp: "2026-11-23T07:00:01.500Z",
          SignatureVersion: "1",
          Signature: "EXAMPLE",
          SigningCertUrl: "EXAMPLE",
          UnsubscribeUrl: "EXAMPLE",
          MessageAttributes: {},
        },
      },
    ],
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What is wrong with how the events were read; a list that the input does not name has to be empty. */
export function wrongsOfEvents(result: Result, expected: EventExpectation): string[] {
  const { alerts: due = [], noted = [], unreadable = [] } = expected;
  const keys = new Set(result.alerts.map(({ key }) => key));
  return [
    ...count("alerts", result.alerts.length, due.length),
    ...count("noted", result.noted.length, noted.length),
    ...count("unreadable", result.unreadable.length, unreadable.length),
    ...due.flatMap((one, index) => {
      const alert = result.alerts[index];
      if (alert === undefined) return [];
      const target = alert.target && `${alert.target.cluster}/${alert.target.service}`;
      return [
        ...(target === one.target ? [] : [`target ${target ?? "none"}, right is ${one.target ?? "none"}`]),
        ...has("problem", alert.targetProblem ?? "", one.problem === undefined ? [] : [one.problem]),
        ...has("title", alert.title, one.title === undefined ? [] : [one.title]),
        ...has("alert", JSON.stringify(alert), one.says === undefined ? [] : [one.says]),
      ];
    }),
    ...noted.flatMap((pattern, index) => has("noted", result.noted[index]?.what ?? "", [pattern])),
    ...unreadable.flatMap((pattern, index) => {
      const problem = result.unreadable[index];
      return has("unreadable", problem === undefined ? "" : `${problem.path}: ${problem.message}`, [pattern]);
    }),
    ...(expected.distinctKeys && keys.size !== result.alerts.length ? ["two alerts have one key"] : []),
    ...hasNot("said", JSON.stringify(result), expected.saysNot),
  ];
}

function count(what: string, found: number, due: number): string[] {
  return found === due ? [] : [`${found} ${what}, right is ${due}`];
}

/** How the events were read, in one line. */
export function lineOfEvents({ alerts, noted, unreadable }: Result): string {
  return [
    ...alerts.map(
      ({ state, target, targetProblem, title }) =>
        `${state} ${target ? `${target.cluster}/${target.service}` : `(${targetProblem})`}: ${title}`,
    ),
    ...noted.map(({ what }) => `noted: ${what}`),
    ...unreadable.map(({ path, message }) => `unreadable ${path}: ${message}`),
  ].join(" | ");
}
