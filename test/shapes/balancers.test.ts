import { expect, it } from "vitest";
import { useStubCredentials } from "../../evals/recorded/gather.ts";
import { factsOf, metricsOf } from "../../src/domain/evidence.ts";
import { xml } from "../support/aws-stub-answers.ts";
import { judged, liveGroupOf, recorded } from "./reshape.ts";

useStubCredentials();

/** DescribeTargetGroups of one group behind a network load balancer. */
const behindNetwork = (arn: string) => ({
  DescribeTargetGroups: () =>
    xml(
      `<TargetGroups><member><TargetGroupArn>${arn}</TargetGroupArn><Protocol>TCP</Protocol><LoadBalancerArns><member>arn:aws:elasticloadbalancing:eu-west-1:112233445566:loadbalancer/net/prod/50dc6c495c0c9188</member></LoadBalancerArns></member></TargetGroups>`,
    ),
});

it("behind a network load balancer asks for unhealthy hosts, and says that nothing counts requests", async () => {
  const one = recorded("silent-on-the-instance");

  const { diagnosis, evidence } = await judged(one, { answers: behindNetwork(liveGroupOf(one)) });

  expect(metricsOf(evidence, "requests")).toEqual([]);
  expect(evidence.gaps).toContainEqual(
    expect.objectContaining({ source: "request-metrics", code: "not-measured", important: false }),
  );
  expect(factsOf(evidence, "target-health").some(({ data }) => data.state === "unhealthy")).toBe(true);
  expect(diagnosis.cause).toBe("hung-task");
});

it("without a load balancer says nothing of one", async () => {
  const { evidence } = await judged(recorded("new-worker-panics"), {});

  expect(evidence.gaps.some(({ source }) => source === "request-metrics")).toBe(false);
});
