/** The first message names the thing that broke, with the rules alone and whatever the diagnosis says. */
import { describe, expect, it } from "vitest";
import { createLogDigest } from "../../packages/log-templates/index.ts";
import type { Evidence, Fact } from "../../src/domain/evidence.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { streamOwner } from "../../src/domain/log-places.ts";
import type { TaskReading } from "../../src/domain/reading.ts";
import { logFacts } from "../../src/evidence/facts/log-facts.ts";
import { withRedactedTexts } from "../../src/evidence/facts/redacted-fact.ts";
import { stoppedTaskFacts } from "../../src/evidence/facts/task-facts.ts";
import { renderSlackMessage, renderSlackState } from "../../src/notification/slack/slack-message.ts";
import { webhookEvent } from "../../src/notification/webhook-event.ts";
import { renderRcaHtml } from "../../src/reporting/rca/rca-html.ts";
import { renderRca } from "../../src/reporting/rca/rca-markdown.ts";
import { escalatedIncident } from "../samples/incidents.ts";

const ONSET = Date.parse("2026-11-23T07:00:00Z");
const STREAM = `app/web/${"a1".repeat(16)}`;

/** What the service says on good days, too. */
const NOISE = [
  "GET /health 200 1 ms",
  "INFO request 8f1c2d3e handled in 12 ms",
  "WARN slow request 8f1c2d3e took 812 ms",
  "INFO cache refreshed, 1200 entries",
];

interface Broken {
  readonly kind: string;
  /** What the message has to name. */
  readonly names: readonly string[];
  readonly lines?: readonly string[];
  readonly stop?: Partial<TaskReading>;
}

const BROKEN: readonly Broken[] = [
  {
    kind: "a host that refuses",
    names: ["10.0.3.7:44947", "/reservations"],
    lines: ["ERROR POST http://10.0.3.7:44947/reservations: connect ECONNREFUSED 10.0.3.7:44947"],
  },
  {
    kind: "a host without an address",
    names: ["payments.internal.example"],
    lines: [
      '{"level":50,"time":1,"msg":"charge failed","err":{"type":"Error","message":"getaddrinfo ENOTFOUND payments.internal.example"}}',
    ],
  },
  {
    kind: "a cause under a trace that repeats with another one",
    names: ["orders-db.internal"],
    lines: Array.from({ length: 6 }, () => [
      "2026-11-23 07:00:01 ERROR checkout failed",
      "java.lang.IllegalStateException: checkout failed",
      "\tat com.acme.Checkout.run(Checkout.java:12)",
      "Caused by: java.net.UnknownHostException: orders-db.internal",
      "\t... 3 more",
    ]).flat(),
  },
  {
    kind: "a table that a role may not read",
    names: ["dynamodb:GetItem", "table/orders"],
    lines: [
      "ERROR AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/shop/x is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
    ],
  },
  {
    kind: "a setting that is missing",
    names: ["PAYMENT_ENDPOINT"],
    lines: ["Error: Missing required environment variable PAYMENT_ENDPOINT"],
  },
  {
    kind: "what grows",
    names: ["cart cache size", "119 MiB"],
    lines: ["8 MiB", "41 MiB", "80 MiB", "119 MiB"].map(
      (size, i) => `INFO cart cache size ${4000 * (i + 1)} entries, ${size}, 0 expired`,
    ),
  },
  {
    kind: "a gRPC peer",
    names: ["127.0.0.1:37659"],
    lines: [
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:37659: connect: connection refused"',
    ],
  },
  {
    kind: "a certificate",
    names: ["partner.example", "expired"],
    lines: ["ERROR fetch https://partner.example/v1/rates failed: certificate has expired"],
  },
  {
    kind: "a port that is taken",
    names: ["0.0.0.0:8080"],
    lines: ["Error: listen EADDRINUSE: address already in use 0.0.0.0:8080"],
  },
  {
    kind: "an image that is not there",
    names: ["registry.example/shop:v9", "not found"],
    stop: {
      stopCode: "TaskFailedToStart",
      stoppedReason:
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref registry.example/shop:v9: registry.example/shop:v9: not found",
      containers: [{ name: "web" }],
    },
  },
  {
    kind: "a secret that cannot be fetched",
    names: ["secret:prod/shop-db", "ResourceInitializationError"],
    stop: {
      stopCode: "TaskFailedToStart",
      stoppedReason:
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop-db: AccessDeniedException",
      containers: [{ name: "web" }],
    },
  },
  {
    kind: "the container that was killed for its memory",
    names: ["web-worker", "137", "OutOfMemoryError"],
    stop: {
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [
        { name: "web", exitCode: 0 },
        {
          name: "web-worker",
          exitCode: 137,
          reason: "OutOfMemoryError: Container killed due to memory usage",
        },
      ],
    },
  },
];

function incidentOf({ lines = [], stop }: Broken): Incident {
  const digest = createLogDigest({ onset: ONSET });
  const noise = [-600, -300, 10].flatMap((second) =>
    NOISE.map((message, i) => ({ t: ONSET + second * 1000 + i, stream: STREAM, message })),
  );
  const said = lines.map((message, i) => ({ t: ONSET + 20_000 + i, stream: STREAM, message }));
  digest.add([...noise, ...said].toSorted((one, other) => one.t - other.t));
  const stopped: TaskReading[] =
    stop === undefined
      ? []
      : [
          {
            arn: `arn:aws:ecs:eu-west-1:123456789012:task/production/${"b2".repeat(16)}`,
            id: "b2".repeat(16),
            lastStatus: "STOPPED",
            desiredStatus: "STOPPED",
            taskDefinition: "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:9",
            stoppedAt: "2026-11-23T07:00:30.000Z",
            containers: [],
            ...stop,
          } as TaskReading,
        ];
  const anyOwner = streamOwner({ group: "/ecs/shop", containers: [], beside: [], mayLose: false }, undefined);
  const drafts = [
    ...stoppedTaskFacts(stopped, ONSET - 3_600_000),
    ...logFacts(digest.finish(), ONSET, anyOwner),
  ];
  const facts = drafts.map((draft, i): Fact => withRedactedTexts({ ...draft, id: `E${i + 1}` }));
  const incident = escalatedIncident();
  const evidence: Evidence = {
    observedAt: "2026-11-23T07:02:00.000Z",
    onset: "2026-11-23T07:00:00.000Z",
    facts,
    gaps: [],
    lastLines: [],
  };
  // A diagnosis that cites nothing: what names the thing must not depend on it.
  const diagnosis = incident.diagnosis && {
    ...incident.diagnosis,
    cause: "unknown" as const,
    rootCause: "The cause is not known.",
    rca: "",
    evidence: [],
    nextSteps: [],
  };
  return { ...incident, evidence, ...(diagnosis ? { diagnosis } : {}) };
}

/** As a person reads it: escapes undone. */
const plain = (text: string): string =>
  text.replaceAll("\\n", "\n").replaceAll(/\\(.)/g, "$1").replaceAll("&gt;", ">").replaceAll("&#39;", "'");

describe.each(BROKEN)("$kind", (broken) => {
  const incident = incidentOf(broken);
  const update = {
    name: "decided",
    needsPerson: false,
    kind: "incident-updated",
    at: "2026-11-23T07:02:00.000Z",
    incident,
  } as const;
  const surfaces = {
    "Slack's report": JSON.stringify(renderSlackMessage(incident).blocks),
    "Slack's evolving message": JSON.stringify(renderSlackState(incident).blocks),
    "the RCA": renderRca(incident),
    "the RCA as HTML": renderRcaHtml(incident),
    ...(broken.lines === undefined
      ? {}
      : {
          "Slack's notification": renderSlackMessage(incident).text,
          "the webhook": JSON.stringify(webhookEvent(update)),
        }),
  };

  it.each(Object.entries(surfaces))("is named in %s", (_name, text) => {
    expect(broken.names.filter((name) => !plain(text).includes(name))).toEqual([]);
  });
});

it("is not named where the log only has its usual noise", () => {
  expect(renderSlackMessage(incidentOf({ kind: "nothing", names: [] })).text).not.toContain("Log says");
});
