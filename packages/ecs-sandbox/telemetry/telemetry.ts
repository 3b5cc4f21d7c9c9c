import { randomUUID } from "node:crypto";
import type { AwsService } from "../wire/service.ts";
import { createAlarmEvaluator } from "./alarms/alarm-evaluator.ts";
import { alarmEvent } from "./alarms/alarm-event.ts";
import { createAlarmHistory } from "./alarms/alarm-history.ts";
import { createAlarmRegistry } from "./alarms/alarm-registry.ts";
import { createCloudWatchService } from "./cloudwatch-service.ts";
import type { TelemetryConditions } from "./conditions.ts";
import { withEmbeddedMetrics } from "./logs/embedded-metrics.ts";
import { createLogIntake } from "./logs/log-intake.ts";
import { createLogStore } from "./logs/log-store.ts";
import { createLogsService } from "./logs/logs-service.ts";
import { createMetricIntake } from "./metrics/metric-intake.ts";
import { createMetricStore } from "./metrics/metric-store.ts";
import { createDeliveryQueue } from "./sns/delivery.ts";
import { createPublisher } from "./sns/publisher.ts";
import { createSnsService } from "./sns/sns-service.ts";
import { createTopicRegistry } from "./sns/topics.ts";
import { createUnreliableQueue } from "./sns/unreliable-queue.ts";
import type { LogSink, MetricSink } from "./types.ts";

/** How often alarms are checked; each is evaluated once per period. */
const EVALUATION_INTERVAL = { milliseconds: 250 };

/** EventBridge keeps trying a target for a day. */
const EVENT_LIMITS = { attemptTimeoutMilliseconds: 60_000, giveUpAfterMilliseconds: 86_400_000 };

/** What {@link createTelemetry} needs. */
export interface TelemetryOptions {
  readonly region: string;
  readonly accountId: string;
  /** Epoch milliseconds; the system clock by default. */
  readonly now?: () => number;
  /** The URL of the wire server, for the links in notifications; AWS's own by default. */
  readonly endpoint?: () => string;
}

/** Metrics, logs, alarms and notifications of the sandbox. */
export interface Telemetry {
  readonly metrics: MetricSink;
  readonly logs: LogSink;
  readonly services: AwsService[];
  /** Says where the function of this ARN takes its events (an HTTP POST per event). */
  registerFunction(arn: string, url: string): void;
  /** Invokes every registered function with an event, as a rule of EventBridge does. */
  sendEvent(event: unknown): void;
  /** Says how late, often and orderly everything arrives from now on. */
  setConditions(conditions: TelemetryConditions): void;
  /** Starts the evaluation of alarms. */
  start(): void;
  /** Ends the evaluation and abandons deliveries that are under way. */
  stop(): Promise<void>;
}

/** Creates CloudWatch, Logs and SNS. Alarms are not evaluated before `start()`; requests are served at once. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { region, accountId, now = Date.now } = options;
  const owner = { region, accountId };
  const functionUrls = new Map<string, string>();
  const endpoint = options.endpoint ?? (() => `https://sns.${region}.amazonaws.com`);

  const metrics = createMetricStore(now);
  const metricIntake = createMetricIntake(metrics, now);
  const logs = withEmbeddedMetrics(createLogStore(now), metrics);
  const logIntake = createLogIntake(logs, now);
  const topics = createTopicRegistry(owner);
  const queue = createDeliveryQueue();
  const notifications = createUnreliableQueue(queue);
  const publisher = createPublisher({
    topics,
    queue,
    notifications,
    now,
    links: () => ({ endpoint: endpoint().replace(/\/+$/, "") }),
    functionUrl: (arn) => functionUrls.get(arn),
  });
  const alarms = createAlarmRegistry({
    owner,
    now,
    history: createAlarmHistory(),
    publish: (topicArn, subject, message) => void publisher.publish({ topicArn, subject, message }),
  });
  const evaluator = createAlarmEvaluator(alarms, metrics, now);
  let timer: NodeJS.Timeout | undefined;
  let areAlarmsEvents = false;

  function sendEvent(event: unknown): void {
    for (const arn of functionUrls.keys()) {
      queue.send({
        ...EVENT_LIMITS,
        url: () => functionUrls.get(arn),
        headers: { "content-type": "application/json" },
        body: JSON.stringify(event),
      });
    }
  }

  alarms.onTransition((alarm, before) => {
    if (!areAlarmsEvents || alarm.kind !== "MetricAlarm") return;
    const was = {
      state: before.state,
      reason: before.stateReason,
      reasonData: before.stateReasonData,
      at: before.stateUpdatedAt,
    };
    sendEvent(alarmEvent(alarm, was, owner, randomUUID()));
  });

  function tick(): void {
    metricIntake.release();
    logIntake.release();
    evaluator.tick();
  }

  return {
    metrics: metricIntake,
    logs: logIntake,
    services: [
      createCloudWatchService(metrics, alarms, now),
      createLogsService(logs, owner),
      createSnsService({ accountId, topics, publisher }),
    ],
    registerFunction: (arn, url) => void functionUrls.set(arn, url),
    sendEvent,
    setConditions(conditions) {
      metricIntake.setConditions(conditions.metrics);
      logIntake.setDelay(conditions.logs.delaySeconds);
      notifications.setConditions(conditions.notifications);
      areAlarmsEvents = conditions.alarmEvents;
    },
    start() {
      timer ??= setInterval(tick, EVALUATION_INTERVAL.milliseconds);
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      notifications.stop();
      await queue.stop();
    },
  };
}
