/** Reads that are denied, and a short form of the other failures; aws-reads.long.test.ts has every read of each. */
import { describe, expect, it } from "vitest";
import { withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { json, xml } from "../../support/aws-stub-answers.ts";
import { READS, type ReadOperation } from "../../support/aws-world.ts";
import { expectReport } from "../../support/expect-report.ts";
import { describeFailingReads } from "./failing-reads-suite.ts";

describeFailingReads("denied", READS);
describeFailingReads("throttled", ["DescribeTasks"]);
describeFailingReads("timing out", ["DescribeTargetHealth"]);
describeFailingReads("answering garbage", ["GetMetricData"]);

/** An empty answer of these is not believable for a service that runs behind a load balancer. */
const NEVER_EMPTY: readonly ReadOperation[] = [
  "DescribeServices",
  "ListTasks",
  "DescribeTasks",
  "GetMetricData",
  "DescribeTargetGroups",
  "DescribeTargetHealth",
];

describe.concurrent("answers of the right form without content", () => {
  const empties = NEVER_EMPTY.filter((operation) => operation !== "DescribeTargetHealth");
  it.each(empties)("%s: that is told as a gap, and nothing is done", (operation) =>
    withWorld({}, async (world) => {
      world.aws.on(operation, operation === "DescribeTargetGroups" ? xml("") : json({}));

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "escalated", says: [] });
      expect(incident.evidence?.gaps).not.toEqual([]);
    })(),
  );
});
