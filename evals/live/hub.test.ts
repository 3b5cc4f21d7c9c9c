import { afterEach, expect, it } from "vitest";
import { type Hub, isAlarm, startHub } from "./hub.ts";

let hub: Hub | undefined;
afterEach(async () => hub?.close());

const event = (state: string) =>
  JSON.stringify({ Records: [{ Sns: { Message: JSON.stringify({ NewStateValue: state }) } }] });
const busEvent = (value: string) => JSON.stringify({ detail: { alarmName: "a", state: { value } } });
const post = (url: string, body: string) => fetch(url, { method: "POST", body });

it("hands alarms on, and makes the sender try again while nobody takes them", async () => {
  const taken: string[] = [];
  let ready = false;
  hub = await startHub({
    deliver: async (body) => {
      if (!ready) throw new Error("not yet");
      taken.push(body);
    },
    askPerson: () => "approved",
  });

  const early = await post(hub.alarmUrl, event("ALARM"));
  ready = true;
  const late = await post(hub.alarmUrl, event("ALARM"));

  expect([early.status, late.status]).toEqual([503, 202]);
  expect(taken).toEqual([event("ALARM")]);
});

it("counts time from the first alarm, and not from an OK", async () => {
  hub = await startHub({ deliver: async () => {}, askPerson: () => "approved" });

  await post(hub.alarmUrl, event("OK"));
  const before = hub.alarmedAt("shop");
  await post(hub.alarmUrl, event("ALARM"));

  expect(before).toBeUndefined();
  expect(hub.alarmedAt("shop")).toBeGreaterThan(0);
  expect(isAlarm("not JSON")).toBe(false);
  expect(["ALARM", "OK"].map((state) => isAlarm(busEvent(state)))).toEqual([true, false]);
});

it.each([
  [{ lastStatus: "STOPPED", stopCode: "EssentialContainerExited" }, true],
  [{ lastStatus: "STOPPED", stopCode: "ServiceSchedulerInitiated" }, false],
  [{ lastStatus: "RUNNING" }, false],
  [{ eventType: "ERROR", eventName: "SERVICE_TASK_PLACEMENT_FAILURE" }, true],
  [{ eventType: "INFO", eventName: "SERVICE_STEADY_STATE" }, false],
])("counts the event of ECS %j as an alarm: %s", (detail, counts) => {
  expect(isAlarm(JSON.stringify({ source: "aws.ecs", detail }))).toBe(counts);
});

it("takes a report that fits, and says what is wrong with one that does not", async () => {
  hub = await startHub({ deliver: async () => {}, askPerson: () => "approved" });

  const bad = await post(hub.reportUrl, '{"cause":"oom-kill"}');
  const good = await post(hub.reportUrl, '{"cause":"oom-kill","action":"restart","status":"resolved"}');
  const other = '{"service":"stock","cause":"no-fault","action":"none","status":"observed"}';
  await post(hub.reportUrl, other);

  expect(bad.status).toBe(400);
  expect(await bad.text()).toContain("status");
  expect(good.status).toBe(200);
  expect(hub.reported("shop")).toMatchObject({ cause: "oom-kill" });
  expect(hub.reported("stock")).toMatchObject({ cause: "no-fault" });
});

it("asks the person, and has no other address than those it gave", async () => {
  hub = await startHub({
    deliver: async () => {},
    askPerson: (action) => (action === "scale" ? "denied" : "approved"),
  });

  const no = await (await post(hub.approvalUrl, '{"action":"scale"}')).json();
  const yes = await (await post(hub.approvalUrl, '{"action":"rollback"}')).json();
  const lost = await post(new URL("/truth", hub.alarmUrl).href, "{}");

  expect([no, yes]).toEqual([{ verdict: "denied" }, { verdict: "approved" }]);
  expect(lost.status).toBe(404);
});
