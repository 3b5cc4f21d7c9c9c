import {
  type CompositeAlarm,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  PutCompositeAlarmCommand,
  type PutCompositeAlarmCommandInput,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AlarmFixture, startAlarms } from "./alarm-fixture.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7, 1, 0);
const ARN = "arn:aws:cloudwatch:us-east-1:000000000000:alarm";
let fixture: AlarmFixture;

beforeEach(async () => {
  fixture = await startAlarms(ORIGIN);
  // Nobody listens to the metric alarms, so that every notification is a composite alarm's.
  for (const AlarmName of ["cpu", "errors", "maintenance"]) {
    await fixture.putAlarm({ AlarmName, AlarmActions: [], OKActions: [], TreatMissingData: "ignore" });
  }
});
afterEach(() => fixture.close());

async function put(overrides: Partial<PutCompositeAlarmCommandInput> = {}): Promise<void> {
  await fixture.cloudwatch.send(
    new PutCompositeAlarmCommand({
      AlarmName: "web-unhealthy",
      AlarmDescription: "CPU and errors",
      AlarmRule: `ALARM(cpu) AND ALARM("${ARN}:errors")`,
      AlarmActions: [fixture.topicArn],
      OKActions: [fixture.topicArn],
      ...overrides,
    }),
  );
}

async function set(AlarmName: string, StateValue: StateValue): Promise<void> {
  await fixture.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: "drill" }));
}

async function read(name = "web-unhealthy"): Promise<CompositeAlarm> {
  const { CompositeAlarms } = await fixture.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["CompositeAlarm"] }),
  );
  const [alarm] = CompositeAlarms ?? [];
  if (alarm === undefined) throw new Error("no such composite alarm");
  return alarm;
}

describe("a composite alarm", () => {
  test("is evaluated when it is created, and follows its children", async () => {
    await put();
    const created = await read();
    fixture.clock.advance(1_000);
    await set("cpu", "ALARM");
    const half = await read();
    fixture.clock.advance(1_000);
    await set("errors", "ALARM");
    const whole = await read();
    await set("cpu", "OK");

    expect(created).toMatchObject({
      StateValue: "OK",
      StateReason: `${ARN}:web-unhealthy was created and its alarm rule evaluates to OK`,
    });
    expect(half.StateUpdatedTimestamp).toEqual(created.StateUpdatedTimestamp);
    expect(whole).toMatchObject({
      StateValue: "ALARM",
      StateReason: `${ARN}:errors transitioned to ALARM at Monday 23 November, 2026 07:01:02 UTC`,
    });
    expect(JSON.parse(whole.StateReasonData ?? "")).toEqual({
      triggeringAlarms: [
        { arn: `${ARN}:errors`, state: { value: "ALARM", timestamp: "2026-11-23T07:01:02.000+0000" } },
      ],
    });
    expect((await read()).StateValue).toBe("OK");
  });

  test("publishes the message that CloudWatch publishes, once a transition", async () => {
    await put({ OKActions: [] });
    await set("errors", "ALARM");
    await set("cpu", "ALARM");
    await set("cpu", "ALARM");

    const [message] = await fixture.waitForMessages(1);

    expect(JSON.stringify(message)).toBe(
      JSON.stringify({
        AlarmName: "web-unhealthy",
        AlarmDescription: "CPU and errors",
        AWSAccountId: "000000000000",
        NewStateValue: "ALARM",
        NewStateReason: `${ARN}:cpu transitioned to ALARM at Monday 23 November, 2026 07:01:00 UTC`,
        StateChangeTime: "2026-11-23T07:01:00.000+0000",
        Region: "US East (N. Virginia)",
        AlarmArn: `${ARN}:web-unhealthy`,
        OKActions: [],
        AlarmActions: [fixture.topicArn],
        InsufficientDataActions: [],
        OldStateValue: "OK",
        AlarmRule: `ALARM(cpu) AND ALARM("${ARN}:errors")`,
        TriggeringChildren: [
          { Arn: `${ARN}:cpu`, State: { Value: "ALARM", Timestamp: "2026-11-23T07:01:00.000+0000" } },
        ],
      }),
    );
    const { Subject } = JSON.parse(fixture.posts[0]?.body ?? "").Records[0].Sns;
    expect(Subject).toBe('ALARM: "web-unhealthy" in US East (N. Virginia)');
  });

  test("that a person sets stays so until one of its children changes", async () => {
    await put({ AlarmRule: "ALARM(cpu)" });
    await set("web-unhealthy", "ALARM");
    fixture.clock.advance(60_000);
    const before = await read();

    await set("errors", "ALARM");
    const unrelated = await read();
    await set("cpu", "OK");

    const messages = await fixture.waitForMessages(3);
    expect(before.StateValue).toBe("ALARM");
    expect(unrelated.StateValue).toBe("ALARM");
    expect((await read()).StateValue).toBe("OK");
    expect(messages.find(({ NewStateReason }) => NewStateReason === "drill")).toMatchObject({
      TriggeringChildren: [],
    });
  });

  test("may stand on another one, and a cycle of them comes to rest", async () => {
    await put({ AlarmName: "below", AlarmRule: "ALARM(cpu)", AlarmActions: [], OKActions: [] });
    await put({ AlarmName: "above", AlarmRule: "ALARM(below)" });
    await put({
      AlarmName: "below",
      AlarmRule: "ALARM(cpu) OR ALARM(above)",
      AlarmActions: [],
      OKActions: [],
    });

    await set("cpu", "ALARM");

    expect((await read("below")).StateValue).toBe("ALARM");
    expect((await read("above")).StateReason).toContain(`${ARN}:below transitioned to ALARM`);
    await set("cpu", "OK");
    expect((await read("above")).StateValue).toBe("ALARM");
  });

  test("that contradicts itself through another one does not go round for ever", async () => {
    await put({ AlarmName: "below", AlarmRule: "FALSE", AlarmActions: [], OKActions: [] });
    await put({ AlarmName: "above", AlarmRule: "ALARM(below)", AlarmActions: [], OKActions: [] });

    await put({ AlarmName: "below", AlarmRule: "NOT ALARM(above)", AlarmActions: [], OKActions: [] });

    expect((await read("below")).StateValue).toBe("ALARM");
    expect((await read("above")).StateValue).toBe("ALARM");
  });
});

describe("the API", () => {
  test("shows composite alarms only to those who ask for them", async () => {
    await put();

    const byDefault = await fixture.cloudwatch.send(new DescribeAlarmsCommand({}));
    const children = await fixture.cloudwatch.send(
      new DescribeAlarmsCommand({ ChildrenOfAlarmName: "web-unhealthy" }),
    );
    const parents = await fixture.cloudwatch.send(new DescribeAlarmsCommand({ ParentsOfAlarmName: "cpu" }));
    const history = (AlarmTypes?: ("CompositeAlarm" | "MetricAlarm")[]) =>
      fixture.cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmTypes, AlarmName: "web-unhealthy" }));

    expect(byDefault.CompositeAlarms).toEqual([]);
    expect(byDefault.MetricAlarms).toHaveLength(3);
    expect(children.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["cpu", "errors"]);
    expect(children.MetricAlarms?.[0]?.MetricName).toBeUndefined();
    expect(parents.CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["web-unhealthy"]);
    expect((await history()).AlarmHistoryItems).toEqual([]);
    const items = (await history(["CompositeAlarm"])).AlarmHistoryItems ?? [];
    expect(items.map(({ AlarmType, HistoryItemType }) => [AlarmType, HistoryItemType])).toEqual([
      ["CompositeAlarm", "Action"],
      ["CompositeAlarm", "StateUpdate"],
      ["CompositeAlarm", "ConfigurationUpdate"],
    ]);
    const action = JSON.parse(items[0]?.HistoryData ?? "");
    expect(action).toMatchObject({ actionState: "Succeeded", stateUpdateTimestamp: ORIGIN, error: null });
    expect(JSON.parse(JSON.parse(action.publishedMessage).default).AlarmName).toBe("web-unhealthy");
  });

  test("protects the alarms that composite alarms stand on", async () => {
    const invalid = { name: "ValidationException" };
    const remove = (...AlarmNames: string[]) =>
      fixture.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));
    await put();
    await put({ AlarmName: "second", AlarmRule: "TRUE" });

    await expect(remove("cpu")).rejects.toMatchObject({
      ...invalid,
      message: "Cannot delete cpu as there are composite alarm(s) depending on it.",
    });
    await expect(remove("web-unhealthy", "second")).rejects.toMatchObject(invalid);
    await expect(fixture.putAlarm({ AlarmName: "second" })).rejects.toMatchObject(invalid);
    await remove("web-unhealthy");
    await remove("cpu", "second");
  });

  test.each([
    [{ AlarmRule: "ALARM(cpu) AND" }, "AlarmRule is not valid"],
    [{ AlarmRule: "ALARM(cpu) OR OK(gone)" }, "alarms [gone] in the alarm rule do not exist"],
    [{ AlarmRule: `ALARM(cpu)${" OR ALARM(cpu)".repeat(800)}` }, "AlarmRule"],
    [{ ActionsSuppressor: "maintenance" }, "WaitPeriod"],
    [{ ActionsSuppressorWaitPeriod: 5, ActionsSuppressorExtensionPeriod: 5 }, "ActionsSuppressor"],
    [
      { ActionsSuppressor: "gone", ActionsSuppressorWaitPeriod: 5, ActionsSuppressorExtensionPeriod: 5 },
      "does not exist",
    ],
  ])("refuses %j", async (overrides, words) => {
    await expect(put(overrides)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(words),
    });
  });
});

describe("a suppressor", () => {
  const suppressed = {
    AlarmRule: "ALARM(cpu)",
    ActionsSuppressor: "maintenance",
    ActionsSuppressorWaitPeriod: 60,
    ActionsSuppressorExtensionPeriod: 120,
  };
  /** Long enough for a tick of the evaluation. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 500));

  beforeEach(async () => {
    await put({ ...suppressed, OKActions: [] });
  });

  test("that does not come within the wait period only delays the actions", async () => {
    await set("cpu", "ALARM");
    const waiting = await read();
    await settle();
    const early = fixture.posts.length;

    fixture.clock.advance(60_000);

    const [message] = await fixture.waitForMessages(1);
    expect(waiting).toMatchObject({
      StateValue: "ALARM",
      ActionsSuppressedBy: "WaitPeriod",
      ActionsSuppressedReason: "Actions suppressed by WaitPeriod",
    });
    expect(early).toBe(0);
    expect(message).toMatchObject({ NewStateValue: "ALARM", OldStateValue: "OK" });
    expect((await read()).ActionsSuppressedBy).toBeUndefined();
  });

  test("holds the actions back as long as it is in ALARM and for the extension period after", async () => {
    await set("cpu", "ALARM");
    await set("maintenance", "ALARM");
    fixture.clock.advance(3_600_000);
    await settle();
    const during = await read();
    await set("maintenance", "OK");
    const after = await read();
    fixture.clock.advance(119_000);
    await settle();
    const early = fixture.posts.length;

    fixture.clock.advance(1_000);

    await fixture.waitForMessages(1);
    expect(during.ActionsSuppressedBy).toBe("Alarm");
    expect(after.ActionsSuppressedBy).toBe("ExtensionPeriod");
    expect(early).toBe(0);
  });

  test("that is in ALARM already needs no wait, and one that is not changes no wait", async () => {
    await set("cpu", "ALARM");
    await set("maintenance", "OK");
    const waiting = await read();
    await put({ AlarmName: "later", ...suppressed, AlarmRule: "ALARM(errors)", OKActions: [] });
    await set("maintenance", "ALARM");
    await set("errors", "ALARM");
    fixture.clock.advance(3_600_000);
    await settle();

    expect(waiting.ActionsSuppressedBy).toBe("WaitPeriod");
    expect((await read("later")).ActionsSuppressedBy).toBe("Alarm");
    expect(fixture.posts).toEqual([]);
  });

  test("leaves nothing to tell of what came and went meanwhile", async () => {
    await put(suppressed);
    await set("maintenance", "ALARM");
    await set("cpu", "ALARM");
    await set("cpu", "OK");
    await set("maintenance", "OK");

    fixture.clock.advance(121_000);

    await vi.waitFor(async () => expect((await read()).ActionsSuppressedBy).toBeUndefined(), {
      timeout: 3_000,
    });
    expect(fixture.posts).toEqual([]);
  });
});
