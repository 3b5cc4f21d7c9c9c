import type { AwsService } from "../wire/service.ts";
import { createAlarmEvaluator } from "./alarms/alarm-evaluator.ts";
import { createAlarmHistory } from "./alarms/alarm-history.ts";
import { createAlarmRegistry } from "./alarms/alarm-registry.ts";
import { createCloudWatchService } from "./cloudwatch-service.ts";
import { createLogStore } from "./logs/log-store.ts";
import { createLogsService } from "./logs/logs-service.ts";
import { createMetricStore } from "./metrics/metric-store.ts";
import { createDeliveryQueue } from "./sns/delivery.ts";
import { createPublisher } from "./sns/publisher.ts";
import { createSnsService } from "./sns/sns-service.ts";
import { createTopicRegistry } from "./sns/topics.ts";
import type { LogSink, MetricSink } from "./types.ts";

/** How often the alarms are looked at; each is evaluated once per period. */
const EVALUATION_INTERVAL = { milliseconds: 250 };

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
  const logs = createLogStore(now);
  const topics = createTopicRegistry(owner);
  const queue = createDeliveryQueue();
  const publisher = createPublisher({
    topics,
    queue,
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

  return {
    metrics,
    logs,
    services: [
      createCloudWatchService(metrics, alarms, now),
      createLogsService(logs, owner),
      createSnsService({ accountId, topics, publisher }),
    ],
    registerFunction: (arn, url) => void functionUrls.set(arn, url),
    start() {
      timer ??= setInterval(() => evaluator.tick(), EVALUATION_INTERVAL.milliseconds);
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await queue.stop();
    },
  };
}
