import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type LocalDynamo, REGION, startLocalDynamo } from "../../../test/contract/dynamodb-local.ts";
import { type DynamoProxy, isWrite, startDynamoProxy } from "../../../test/contract/dynamodb-proxy.ts";
import { AT, admission, reservation } from "../../../test/contract/dynamodb-scenarios.ts";
import { createDynamoDbStore, type DynamoDbStoreSettings } from "./dynamodb-store.ts";

let dynamo: LocalDynamo;
let proxy: DynamoProxy;
let table: string;
let stores: ReturnType<typeof createDynamoDbStore>[] = [];

beforeAll(async () => {
  dynamo = await startLocalDynamo();
  proxy = await startDynamoProxy(dynamo.endpoint);
});

beforeEach(async () => {
  table = await dynamo.createTable();
  proxy.treat(() => "pass");
  return () => {
    for (const store of stores) store.close();
    stores = [];
    vi.restoreAllMocks();
  };
});

afterAll(async () => {
  await proxy.stop();
  await dynamo.stop();
});

const open = (settings: Partial<DynamoDbStoreSettings> = {}, name = table) => {
  const store = createDynamoDbStore(name, { region: REGION, endpoint: dynamo.endpoint, ...settings });
  stores.push(store);
  return store;
};

const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe("faults", () => {
  it("tell that the table is missing, and where", async () => {
    const error = await thrownBy(open({}, "no-such-table").claim("key", AT));

    expect(error).toMatchObject({
      code: "store-failed",
      retryable: false,
      remedy: expect.stringMatching(/no table no-such-table in eu-west-1.*create it/),
    });
  });

  it.each([
    ["AccessDeniedException", false, /Allow dynamodb:GetItem/],
    ["UnrecognizedClientException", false, /credentials/],
    ["ExpiredTokenException", false, /credentials/],
    ["ValidationException", false, /pk and sk/],
    ["ThrottlingException", true, /limits the table/],
    ["ProvisionedThroughputExceededException", true, /limits the table/],
    ["SomethingNew", false, /documentation/],
  ])("tell what to do about %s", async (code, retryable, remedy) => {
    // The vendor's client waits at random between its tries.
    vi.spyOn(Math, "random").mockReturnValue(0);
    proxy.treat(() => ({ refuse: code }));

    const error = await thrownBy(open({ endpoint: proxy.endpoint }).get("inc-1"));

    expect(error).toMatchObject({ code: "store-failed", retryable, remedy: expect.stringMatching(remedy) });
    expect(error).toMatchObject({ message: expect.stringContaining(code) });
  });

  it("of throttling that ends are not seen", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    let refusals = 0;
    proxy.treat((call) => {
      if (!isWrite(call) || refusals === 2) return "pass";
      refusals += 1;
      return { refuse: "ThrottlingException" };
    });

    const granted = await open({ endpoint: proxy.endpoint }).claim("key", AT);

    expect([granted, refusals]).toEqual([true, 2]);
  });

  it("tell that nobody answers, in bounded time", async () => {
    proxy.treat(() => "hang");
    const store = open({ endpoint: proxy.endpoint, timeouts: { answerMs: 60_000, callMs: 300 } });
    const begun = Date.now();

    const error = await thrownBy(store.actionsSince(AT));

    expect(Date.now() - begun).toBeLessThan(5_000);
    expect(error).toMatchObject({ code: "store-failed", retryable: true });
    expect(error).toMatchObject({ remedy: expect.stringContaining("did not answer") });
  });

  it("of one answer that never comes are got over", async () => {
    let hung = false;
    proxy.treat((call) => {
      if (!isWrite(call) || hung) return "pass";
      hung = true;
      return "hang";
    });

    const granted = await open({ endpoint: proxy.endpoint, timeouts: { answerMs: 200 } }).claim("key", AT);

    expect([granted, hung]).toEqual([true, true]);
  });

  it("tell that nothing listens", async () => {
    const error = await thrownBy(open({ endpoint: "http://127.0.0.1:1" }).open());

    expect(error).toMatchObject({ code: "store-failed", retryable: true });
  });

  it("tell that it was closed", async () => {
    const store = open();
    await store.claim("key", AT);
    store.close();
    store.close();

    expect(await thrownBy(store.claim("other", AT))).toMatchObject({ code: "store-failed" });
  });

  it("tell that others kept writing first, once it gives up", async () => {
    // As if another process changed the place between every read and write.
    proxy.treat((call) => (isWrite(call) ? { refuse: "ConditionalCheckFailedException" } : "pass"));
    vi.spyOn(Math, "random").mockReturnValue(0);

    const error = await thrownBy(open({ endpoint: proxy.endpoint }).attachOrOpen(admission("a")));

    expect(error).toMatchObject({ code: "store-failed", retryable: true });
    expect(error).toMatchObject({ message: expect.stringContaining("others kept writing first") });
  });

  it("answer no past actions at all rather than some of them", async () => {
    const store = open();
    await store.recordAction(reservation("inc-7").record);
    const item = (await dynamo.items(table)).find(({ sk }) => sk === "action");
    await dynamo.put(table, { ...item, record: '{"incidentId":"inc-7"}' });

    const error = await thrownBy(store.actionsSince(AT));

    expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("inc-7") });
    expect(await thrownBy(store.reserve(reservation("inc-8", { service: "cart" })))).toMatchObject({
      code: "store-failed",
    });
  });
});
