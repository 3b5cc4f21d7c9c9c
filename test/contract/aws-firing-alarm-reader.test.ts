import { expect, it } from "vitest";
import { json } from "../support/aws-stub-answers.ts";
import { useAwsStub } from "../support/use-aws-stub.ts";

const bed = useAwsStub();
const alarm = {
  AlarmName: "errors",
  StateValue: "ALARM",
  Dimensions: [{ Name: "ServiceName", Value: "checkout" }],
};

it("reads the alarms that are in ALARM, over pages, and none that is not", async () => {
  bed.stub.on(
    "DescribeAlarms",
    json({ MetricAlarms: [alarm, { ...alarm, AlarmName: "fine", StateValue: "OK" }], NextToken: "more" }),
    json({ MetricAlarms: [{ AlarmName: "bare", StateValue: "ALARM" }] }),
  );

  const alarms = await bed.aws.firingAlarms.firing();

  expect(alarms.map(({ name }) => name)).toEqual(["errors", "bare"]);
  expect(bed.stub.calls("DescribeAlarms")).toEqual([
    { StateValue: "ALARM", AlarmTypes: ["MetricAlarm"], MaxRecords: 100 },
    { StateValue: "ALARM", AlarmTypes: ["MetricAlarm"], MaxRecords: 100, NextToken: "more" },
  ]);
});

it("ends although a token comes back for ever", async () => {
  bed.stub.on("DescribeAlarms", json({ MetricAlarms: [], NextToken: "again" }));

  const alarms = await bed.aws.firingAlarms.firing();

  expect(alarms).toEqual([]);
  expect(bed.stub.calls("DescribeAlarms")).toHaveLength(3);
});
