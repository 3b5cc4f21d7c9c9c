/** A stage for tests: the demo with everything that it can depend on, and what it printed. */
import { pushDemoImages } from "../demo/images.ts";
import { startTestRange, type TestRange } from "../range-fixture.ts";
import { createTelemetry } from "../telemetry/telemetry.ts";
import { localWorld } from "../world.ts";
import { inject } from "./inject.ts";
import { type Injection, injectionSchema } from "./injection.ts";
import { scenarioSchema } from "./scenario.ts";
import { type Stage, type Stoppable, setStage } from "./stage.ts";

/** What a test works with. */
export interface TestStage {
  readonly test: TestRange;
  readonly stage: Stage;
  inject(...steps: readonly unknown[]): ReturnType<typeof inject>;
  /** True when a line with these words was printed since `at`, epoch milliseconds. */
  printed(words: string | RegExp): boolean;
  /** Clears what was printed so far. */
  forget(): void;
  stop(): Promise<void>;
}

/** A name to be filled in, as a scenario file writes it. */
export function of(name: string): string {
  return `$\{${name}}`;
}

/** A service of the demo as scenarios declare it. */
export function demoService(name: "shop" | "inventory", change: Record<string, unknown> = {}): unknown {
  const shop = {
    image: "shop:1.4.2",
    containerPort: 8080,
    environment: { INVENTORY_URL: of("inventory.url"), CHECKOUT_CPU_MS: "1" },
  };
  const inventory = { image: "inventory:2.0.3", containerPort: 8081 };
  return {
    name,
    desiredCount: 1,
    cpu: 256,
    memory: 256,
    healthCheckGracePeriodSeconds: 60,
    ...(name === "shop" ? shop : inventory),
    ...change,
  };
}

/** Starts a range with a scenario of these services. */
export async function startTestStage(
  services: readonly unknown[],
  scenario: Record<string, unknown> = {},
): Promise<TestStage> {
  const telemetry = createTelemetry(localWorld);
  telemetry.start();
  const test = await startTestRange(telemetry.services, telemetry.metrics);
  pushDemoImages(test.range.images);
  const started: Stoppable[] = [];
  const declared = scenarioSchema.parse({
    name: "test",
    title: "A test",
    cluster: "test",
    service: "shop",
    services,
    load: { service: "shop", perSecond: 8 },
    baselineSeconds: 0,
    alarms: [
      {
        AlarmName: "shop-tasks",
        Namespace: "ECS/ContainerInsights",
        MetricName: "RunningTaskCount",
        Statistic: "Average",
        Period: 5,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "LessThanThreshold",
      },
    ],
    injection: [],
    truth: { causes: ["unknown"], actions: ["none"], harmful: [], targets: "none", cure: "None." },
    ...scenario,
  });

  async function stop(): Promise<void> {
    await Promise.all(started.map((one) => one.stop()));
    await test.range.stop();
    await telemetry.stop();
  }

  try {
    const stage = await setStage(test.range, declared, "arn:aws:sns:us-east-1:000000000000:none", (one) => {
      started.push(one);
    });
    return {
      test,
      stage,
      stop,
      inject: (...steps) =>
        inject(
          test.range,
          stage,
          steps.map((step): Injection => injectionSchema.parse(step)),
        ),
      printed: (words) =>
        test.lines.some(({ message }) =>
          typeof words === "string" ? message.includes(words) : words.test(message),
        ),
      forget: () => {
        test.lines.length = 0;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
