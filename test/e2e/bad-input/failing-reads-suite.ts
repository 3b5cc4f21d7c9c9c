/** Reads of AWS that fail, one at a time and all at once: what failed is named, and nothing unsafe is done. */
import { describe, expect, it } from "vitest";
import { type World, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { type Answer, awsError, delayed, raw } from "../../support/aws-stub-answers.ts";
import { MEMORY_FACT, READS, type ReadOperation } from "../../support/aws-world.ts";
import { expectReport } from "../../support/expect-report.ts";
import { completion, goodAnswer } from "../../support/model-server.ts";

/** What a report says of a source that failed, and what to do about it. */
interface Failing {
  readonly answer: Answer;
  readonly says: (action: string) => readonly (string | RegExp)[];
}

const FAILINGS = {
  denied: {
    answer: awsError("AccessDeniedException", { message: "User is not authorized" }),
    says: (action) => ["failed with AccessDeniedException", `Allow ${action} in the agent's IAM policy`],
  },
  throttled: {
    answer: awsError("ThrottlingException", { message: "Rate exceeded" }),
    says: (action) => ["failed with ThrottlingException", `AWS limits ${action}`],
  },
  "timing out": {
    answer: delayed(8_000, awsError("InternalFailure")),
    says: () => [/no answer within 1\.5 s|did not answer in the time/, /Check the network path|more time/],
  },
  "answering garbage": {
    answer: raw(200, "text/html", "<html><body>Welcome to the proxy</body></html>"),
    says: () => ["failed with", "check the endpoint, and any proxy"],
  },
} satisfies Readonly<Record<string, Failing>>;

const ACTIONS: Readonly<Record<ReadOperation, string>> = {
  DescribeServices: "ecs:DescribeServices",
  ListTasks: "ecs:ListTasks",
  DescribeTasks: "ecs:DescribeTasks",
  DescribeTaskDefinition: "ecs:DescribeTaskDefinition",
  GetMetricData: "cloudwatch:GetMetricData",
  DescribeAlarms: "cloudwatch:DescribeAlarms",
  DescribeAlarmHistory: "cloudwatch:DescribeAlarmHistory",
  FilterLogEvents: "logs:FilterLogEvents",
  DescribeTargetGroups: "elasticloadbalancing:DescribeTargetGroups",
  DescribeTargetHealth: "elasticloadbalancing:DescribeTargetHealth",
  DescribeScalableTargets: "application-autoscaling:DescribeScalableTargets",
  DescribeScalingActivities: "application-autoscaling:DescribeScalingActivities",
};

const options = (kind: string) => ({
  timing: {
    ...(kind === "timing out" ? { sourceTimeoutSeconds: 1.5 } : {}),
  },
});

export type Failure = keyof typeof FAILINGS;

/** Each of the reads fails by itself, then all of them at once. */
export function describeFailingReads(kind: Failure, reads: readonly ReadOperation[]): void {
  const { answer, says } = FAILINGS[kind];
  describe.concurrent(`a read ${kind}`, () => {
    it.each(reads)("%s: nothing is done", (operation) =>
      withWorld(options(kind), async (world) => {
        world.aws.on(operation, answer);

        const incident = await world.handleOne(snsEvent(alarmMessage()));

        await expectReport(world, incident, { status: "escalated", says: says(ACTIONS[operation]) });
      })(),
    );

    it(
      "all of them: nothing is known, nothing is done",
      withWorld(options(kind), async (world) => {
        breakAllReads(world, answer);

        const incident = await world.handleOne(snsEvent(alarmMessage()));

        await expectReport(world, incident, {
          status: "escalated",
          says: [...says(ACTIONS.DescribeServices), "Inconclusive"],
        });
        expect(incident.evidence?.facts).toEqual([]);
      }),
    );

    it(
      "all of them, and a model that is sure all the same",
      withWorld(
        {
          ...options(kind),
          model: [completion(goodAnswer({ cause: "memory-leak", evidence: [MEMORY_FACT], confidence: 1 }))],
        },
        async (world) => {
          breakAllReads(world, answer);

          const incident = await world.handleOne(snsEvent(alarmMessage()));

          await expectReport(world, incident, { status: "escalated", says: ["Inconclusive"] });
          expect(incident.secondOpinion?.rootCause).toContain("cited only evidence that does not exist");
        },
      ),
    );
  });
}

function breakAllReads(world: World, answer: Answer): void {
  for (const operation of READS) world.aws.on(operation, answer);
}
