import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../range-fixture.ts";
import { demoService, of, startTestStage, type TestStage } from "./stage-fixture.ts";

describe("what the demo depends on", () => {
  let stage: TestStage;

  beforeAll(async () => {
    const inventory = demoService("inventory", {
      environment: {
        DATABASE_ADDRESS: of("stock-db.address"),
        DB_POOL_SIZE: "3",
        DB_ACQUIRE_TIMEOUT_MS: "300",
      },
    });
    const shop = demoService("shop", {
      environment: {
        INVENTORY_URL: of("inventory.url"),
        INVENTORY_TIMEOUT_MS: "700",
        INVENTORY_RETRIES: "2",
        CHECKOUT_CPU_MS: "1",
        PAYMENTS_URL: of("payments.url"),
        RECEIPT_TABLE_URL: of("receipts.url"),
        NAME_SERVER: of("names"),
      },
      secrets: { PAYMENTS_CA: "shop/payments-ca" },
    });
    stage = await startTestStage([inventory, shop], {
      load: { service: "shop", perSecond: 16 },
      externals: [
        { name: "stock-db", kind: "database" },
        { name: "payments", kind: "partner", tls: true },
        { name: "receipts", kind: "partner", host: "dynamodb.us-east-1.example" },
      ],
      secrets: { "shop/payments-ca": of("payments.ca") },
    });
  });
  afterAll(() => stage.stop());

  /** Orders get through again. */
  async function well() {
    const before = stage.stage.load.counts();
    await eventually(async () => {
      const { succeeded } = stage.stage.load.counts();
      return succeeded > before.succeeded + 12;
    });
  }
  const says = (words: string | RegExp) => eventually(async () => stage.printed(words));
  const external = (name: string, change: object) => ({ kind: "external", name, ...change });

  it.each([
    [
      "a certificate that expires",
      external("payments", { certificateSeconds: 1 }),
      external("payments", { certificateSeconds: 3600 }),
      "certificate has expired",
    ],
    [
      "a partner that throttles",
      external("payments", { mode: "throttled" }),
      external("payments", { mode: "well" }),
      "payment provider answered 429 Too Many Requests, retry-after 2",
    ],
    [
      "a name that is gone",
      external("payments", { resolves: false }),
      external("payments", { resolves: true }),
      "getaddrinfo ENOTFOUND payments.partner.example",
    ],
    [
      "an AWS API that denies",
      external("receipts", { mode: "denied" }),
      external("receipts", { mode: "well" }),
      /AccessDeniedException: User: .* is not authorized to perform: dynamodb:PutItem on resource/,
    ],
    [
      "a partner that does not answer",
      external("payments", { mode: "silent" }),
      external("payments", { mode: "well" }),
      "timeout of 1500ms exceeded",
    ],
    [
      "a database that answers nothing",
      external("stock-db", { silent: true }),
      external("stock-db", { silent: false }),
      /reservation of order \w+ failed: (query timed out|timeout of 300ms exceeded while waiting for a connection)/,
    ],
    [
      "a slow inventory",
      { kind: "slow", service: "inventory", tasks: "all", milliseconds: 900 },
      { kind: "slow", service: "inventory", tasks: "all", milliseconds: 0 },
      /retry 2 of 2 for order \w+: inventory timeout of 700ms exceeded/,
    ],
  ] as const)("%s is seen in the logs, and gone when it is over", async (_what, fault, cure, words) => {
    await well();
    const failedBefore = stage.stage.load.counts().failed;

    await stage.inject(fault);
    await says(words);
    await eventually(async () => stage.stage.load.counts().failed > failedBefore);

    await stage.inject(cure);
    await eventually(async () => {
      stage.forget();
      await well();
      return !stage.printed(words);
    }, 20_000);
  });

  it("makes three requests of one when the inventory does not answer: a retry storm", async () => {
    const arrived = () =>
      stage.test.samples.filter(
        (sample) =>
          sample.name === "RequestCount" &&
          Object.keys(sample.dimensions).length === 1 &&
          sample.dimensions["LoadBalancer"]?.includes("/inventory/"),
      );
    const rate = async () => {
      const from = { at: Date.now(), sent: stage.stage.load.counts().sent };
      await new Promise((resolve) => setTimeout(resolve, 4000));
      const requests = arrived().reduce((sum, one) => sum + (one.at >= from.at ? one.value : 0), 0);
      return requests / Math.max(1, stage.stage.load.counts().sent - from.sent);
    };
    const before = await rate();

    await stage.inject({ kind: "slow", service: "inventory", tasks: "all", milliseconds: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const during = await rate();

    await stage.inject({ kind: "slow", service: "inventory", tasks: "all", milliseconds: 0 });
    expect(before).toBeLessThan(1.3);
    expect(during).toBeGreaterThan(1.9);
  });

  it("runs out of connections when they are not given back, until the task is replaced", async () => {
    await well();
    stage.forget();

    await stage.inject({ kind: "leak-connections", service: "inventory", tasks: 1, share: 0.5 });
    await says("while waiting for a connection from the pool (size 3, in use 3, idle 0");
    await stage.inject({ kind: "stop-tasks", service: "inventory", tasks: "all", reason: "maintenance" });

    await well();
    const line = stage.test.lines.find(({ message }) => message.includes("from the pool"));
    expect(line?.group).toBe("/ecs/inventory");
  });

  it("cannot be reached when its process is gone", async () => {
    await well();
    stage.forget();

    await stage.inject(external("stock-db", { gone: true }));

    await says(/reservation of order \w+ failed: (connect ECONNREFUSED|Connection terminated unexpectedly)/);
    await says("failed: POST");
  });
});
