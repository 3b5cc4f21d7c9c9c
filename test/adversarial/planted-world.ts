/** Recorded incidents with an attacker in them, run through the whole workflow. */

import { developmentCases } from "../../evals/scenarios/development/index.ts";
import { buildWorld } from "../../evals/scenarios/world.ts";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";
import { createAwsAdapters } from "../../src/adapters/aws/index.ts";
import { createOpenRouterClient } from "../../src/adapters/openrouter/client.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { diagnoseBySigns } from "../../src/diagnosis/diagnose-by-signs.ts";
import { diagnoseWithModel } from "../../src/diagnosis/llm/diagnose-with-model.ts";
import { buildPrompt } from "../../src/diagnosis/llm/prompt.ts";
import type { Alert } from "../../src/domain/alert.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { OpsAgentError } from "../../src/domain/errors.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { Policy } from "../../src/domain/policy.ts";
import type { LogLine, TaskDefinitionReading, TaskReading } from "../../src/domain/reading.ts";
import { collectEvidence, type Readers } from "../../src/evidence/collect-evidence.ts";
import { readEvent } from "../../src/ingestion/read-event.ts";
import { decide } from "../../src/remediation/decide.ts";
import type { Actuation, ServiceActuator } from "../../src/remediation/ports.ts";
import type { IncidentInput } from "../../src/workflow/incident-input.ts";
import { createIncidentWorkflow } from "../../src/workflow/incident-workflow.ts";
import { actingPolicy } from "../samples/acting-policy.ts";
import { startAwsStub } from "../support/aws-stub-server.ts";
import { fixedPolicy } from "../support/fixed-policy.ts";
import type { Plant } from "./carriers.ts";

export interface PlantedRun {
  readonly incident: Incident;
  /** Changes that were asked of AWS; it refuses all of them, so that nothing has to be waited for. */
  readonly asked: readonly string[];
}

export interface RecordedWorld {
  /** Runs the incident with the attacker's text in it; with the rules, or with the model at `url`. */
  run(plant: Plant, model?: { readonly url: string; readonly name: string }): Promise<PlantedRun>;
  /** Collects the evidence with the text in it; what is decided on it is judged in this process. */
  collect(plant: Plant): Promise<PlantedEvidence>;
  close(): Promise<void>;
}

export interface PlantedEvidence {
  /** What the model is asked. */
  readonly prompt: string;
  /** What is decided where the model answers so. */
  judge(answer: Readonly<Record<string, unknown>>, given: PlantedCase): Promise<Decision>;
}

export interface PlantedCase {
  readonly policy: Policy;
  /** The rules see no cause, as they do in a class that they do not know. */
  readonly blind: boolean;
}

/** A recorded case over a stub of AWS and the real adapters; each answer is read once and remembered. */
export async function openRecordedWorld(name: string): Promise<RecordedWorld> {
  const recorded = developmentCases.find((one) => one.name === name);
  if (recorded === undefined) throw new Error(`There is no case ${name}.`);
  const world = buildWorld(recorded);
  const stub = await startAwsStub();
  for (const [operation, handler] of Object.entries(world.handlers)) stub.on(operation, handler);
  process.env["AWS_ACCESS_KEY_ID"] ??= "stub";
  process.env["AWS_SECRET_ACCESS_KEY"] ??= "stub";
  const readers = remembering(createAwsAdapters({ region: "eu-west-1", endpoint: stub.endpoint }));
  const now = new Date(world.now);
  const { alerts } = readEvent(world.event, {
    receivedAt: now.toISOString(),
    cluster: world.cluster,
    alarms: [{ pattern: world.alarmName, service: world.service }],
  });
  const [alert] = alerts;
  if (alert === undefined) throw new Error(`The event of ${name} gives no alert.`);

  return {
    close: () => stub.close(),
    collect: async (plant) => {
      const { target } = alert;
      if (target === undefined) throw new Error(`The event of ${name} gives no target.`);
      const evidence = await collectEvidence({
        alert: alertWith(alert, plant),
        target,
        timing: actingPolicy().timing,
        logGroupPrefix: "/ecs/",
        now: world.now,
        readers: readersWith(readers, alert, plant),
      });
      const named = plant.service === undefined ? target : { cluster: plant.service, service: plant.service };
      const about = { alert: { ...alertWith(alert, plant), target: named }, evidence };
      const rules = diagnoseBySigns(evidence);
      const unseen = { ...rules, cause: "unknown", action: "none" } as const;
      return {
        prompt: buildPrompt(about).user,
        judge: async (answer, { policy, blind }) => {
          const usage = { model: "obeys", calls: 1, inputTokens: 0, outputTokens: 0, milliseconds: 0 };
          const model = { ask: async () => ({ text: JSON.stringify(answer), usage }) };
          const { diagnosis: secondOpinion } = await diagnoseWithModel(about, { model });
          const diagnosis = blind ? unseen : rules;
          const given = { diagnosis, secondOpinion, evidence, target, policy, history: [] };
          return decide({ ...given, ceiling: "auto", now: now.toISOString() });
        },
      };
    },
    run: async (plant, model) => {
      const asked: string[] = [];
      const store = createSqliteStore(":memory:");
      const engine = createDurableEngine<IncidentInput, Incident>({
        database: ":memory:",
        workflow: createIncidentWorkflow({
          readers: readersWith(readers, alert, plant),
          actuator: refusing(asked),
          diagnoser: model === undefined ? "rules" : "model",
          model:
            model &&
            (() =>
              createOpenRouterClient({
                apiKey: "sk-test-0123456789",
                baseURL: model.url,
                models: [model.name],
              })),
          notifiers: [],
          approvalChannels: [],
          engine: () => "planted",
          store,
          policy: actingPolicy(),
          policySource: fixedPolicy(actingPolicy()),
          ceiling: "auto",
          logGroupPrefix: "/ecs/",
          now: () => now,
          logger: { info: () => {}, warn: () => {}, error: () => {} },
        }),
        codeVersion: "1",
        pollMs: 2,
        // Waits are over at once: the recorded world stands still anyway.
        clock: () => Date.now() * 1_000,
        onError: () => {},
      });
      try {
        await engine.start("incident", { alert: alertWith(alert, plant) });
        const result = await engine.waitFor("incident");
        if (result.status !== "SUCCEEDED") throw new Error(`No report: ${result.error.message}`);
        return { incident: result.output, asked };
      } finally {
        await engine.stop({ timeoutMs: 0 });
        store.close();
      }
    },
  };
}

function refusing(asked: string[]): ServiceActuator {
  const refuse = async (what: string): Promise<Actuation> => {
    asked.push(what);
    return { outcome: "refused", code: "AccessDenied", message: "not in this test" };
  };
  return {
    stopTask: (_target, arn) => refuse(`stop ${arn.split("/").at(-1)}`),
    setDesiredCount: (_target, desired) => refuse(`desire ${desired}`),
    rollBackDeployment: (_target, arn) => refuse(`roll back ${arn.split("/").at(-1)}`),
    setTaskDefinition: (_target, taskDefinition) => refuse(`run ${taskDefinition}`),
  };
}

/** Readers that ask the stub only once for the same. */
function remembering(readers: Readers): Readers {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T extends object>(port: string, target: T): T =>
    new Proxy(target, {
      get:
        (object, key) =>
        (...parameters: readonly unknown[]) => {
          const id = `${port}.${String(key)} ${JSON.stringify(parameters.filter((one) => !isOptions(one)))}`;
          const known =
            answers.get(id) ??
            Reflect.apply(Reflect.get(object, key) as () => Promise<unknown>, object, parameters);
          answers.set(id, known);
          return known;
        },
    });
  const pages = new Map<string, LogLine[][]>();
  return {
    ...(Object.fromEntries(
      Object.entries(readers).map(([port, reader]) => [port, once(port, reader)]),
    ) as unknown as Readers),
    logs: {
      lines: async function* (group, window) {
        const id = JSON.stringify([group, window]);
        if (!pages.has(id)) {
          const read: LogLine[][] = [];
          for await (const page of readers.logs.lines(group, window)) read.push([...page]);
          pages.set(id, read);
        }
        yield* pages.get(id) ?? [];
      },
    },
  };
}

function isOptions(parameter: unknown): boolean {
  return typeof parameter === "object" && parameter !== null && "signal" in parameter;
}

function alertWith(alert: Alert, { alarm }: Plant): Alert {
  if (alarm === undefined || alert.alarm === undefined) return alert;
  return { ...alert, title: alarm.name ?? alert.title, alarm: { ...alert.alarm, ...alarm } };
}

function readersWith(readers: Readers, alert: Alert, plant: Plant): Readers {
  const fired = Date.parse(alert.firedAt);
  const { ecs, logs, loadBalancers, scaling, alarms } = readers;
  return {
    ...readers,
    ecs: {
      service: async (target) => {
        const service = await ecs.service(target);
        const reason = plant.rolloutReason;
        return (
          service && {
            ...service,
            deployments: service.deployments.map((one) => (reason ? { ...one, rolloutReason: reason } : one)),
            events: [
              ...service.events,
              ...(plant.event ? [{ at: new Date(fired - 5_000).toISOString(), message: plant.event }] : []),
            ],
          }
        );
      },
      tasks: async (target) => {
        const tasks = await ecs.tasks(target);
        return { ...tasks, stopped: [...tasks.stopped, ...stoppedBy(plant, tasks.running[0], fired)] };
      },
      task: (target, arn) => ecs.task(target, arn),
      taskDefinition: async (arn) => definitionWith(await ecs.taskDefinition(arn), plant),
    },
    logs: {
      lines: async function* (group, window) {
        yield* logs.lines(group, window);
        const { lines = [], times = 1 } = plant;
        for (let time = 0; time < times; time++) {
          yield lines.map((message) => ({
            t: fired - 4_000 + time,
            stream: plant.stream ?? "shop/b",
            message,
          }));
        }
      },
    },
    loadBalancers: {
      targetGroups: (arns) => loadBalancers.targetGroups(arns),
      targetHealth: async (arn) => {
        const targets = await loadBalancers.targetHealth(arn);
        const description = plant.targetDescription;
        if (description === undefined) return targets;
        const leaving = { state: "draining", reason: "Target.DeregistrationInProgress", description };
        return [...targets, { targetGroupArn: arn, id: "10.0.0.99", ...leaving }];
      },
    },
    scaling: {
      limits: (target) => scaling.limits(target),
      activities: async (target) => {
        const description = plant.scalingActivity;
        // Longer ago than autoscaling's cooldown, in which a restart that adds a task rightly asks.
        const at = new Date(fired - 600_000).toISOString();
        return [
          ...(await scaling.activities(target)),
          ...(description ? [{ at, description, cause: description, status: "Successful" }] : []),
        ];
      },
    },
    alarms: {
      transitions: async (name, window) => {
        if (plant.refusal === undefined) return alarms.transitions(alert.alarm?.name ?? name, window);
        throw new OpsAgentError({ code: "aws-denied", message: plant.refusal, remedy: "Allow it." });
      },
      contributors: (name) => alarms.contributors(name),
      alarm: async (name) => {
        const alarm = await alarms.alarm(alert.alarm?.name ?? name);
        return alarm && { ...alarm, ...(plant.alarm?.reason ? { reason: plant.alarm.reason } : {}) };
      },
    },
  };
}

/** One task that somebody stopped, in words of their own. */
function stoppedBy({ stop }: Plant, like: TaskReading | undefined, fired: number): TaskReading[] {
  if (stop === undefined || like === undefined) return [];
  return [
    {
      ...like,
      arn: like.arn.replace(/[^/]+$/, "0ld0ld0ld0ld"),
      id: "0ld0ld0ld0ld",
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAt: new Date(fired - 120_000).toISOString(),
      stopCode: "UserInitiated",
      stoppedReason: stop.stoppedReason ?? "Task stopped by user",
      containers: [
        { name: "app", exitCode: 143, ...(stop.containerReason ? { reason: stop.containerReason } : {}) },
      ],
    },
  ];
}

/** Every revision has the attacker's words, so that what differs between them stays the same. */
function definitionWith(
  definition: TaskDefinitionReading | undefined,
  { container }: Plant,
): TaskDefinitionReading | undefined {
  if (definition === undefined || container === undefined) return definition;
  const changed = definition.revision % 2 === 0 ? container : {};
  return { ...definition, containers: definition.containers.map((one) => ({ ...one, ...changed })) };
}
