import { describe, expect, it } from "vitest";
import { TARGET } from "../../test/samples/facts.ts";
import { type ServiceScope, trustOf } from "./series-trust.ts";

const scope: ServiceScope = {
  target: TARGET,
  groups: [{ targetGroupDimension: "targetgroup/shop/1", loadBalancerDimension: "app/front/1" }],
  running: [{ id: "a" }],
  trustedNamespaces: ["Vetted"],
};
const SERVICE = { ClusterName: "production", ServiceName: "shop" };
const of = (namespace: string, dimensions: Record<string, string>) =>
  trustOf([{ namespace, dimensions }], scope);

describe("a series", () => {
  it.each([
    ["the service in AWS/ECS", "AWS/ECS", SERVICE],
    [
      "its target group",
      "AWS/ApplicationELB",
      { TargetGroup: "targetgroup/shop/1", LoadBalancer: "app/front/1" },
    ],
    ["its load balancer", "AWS/NetworkELB", { LoadBalancer: "app/front/1" }],
    ["one of its tasks", "AWS/ECS", { ...SERVICE, TaskId: "a" }],
    ["the service in a namespace that the policy trusts", "Vetted", SERVICE],
  ])("about %s may support a cause", (_what, namespace, dimensions) => {
    expect(of(namespace, dimensions)).toEqual({ provenance: "metric" });
  });

  it.each([
    ["an application's own", "Shop/App"],
    ["one that looks like AWS's", "aws/ECS"],
    ["one that only begins like AWS's", "AWSX/ECS"],
    ["Container Insights", "ECS/ContainerInsights"],
    ["one that continues it", "ECS/ContainerInsights/Prometheus"],
  ])("of a namespace that applications can write explains only: %s", (_what, namespace) => {
    expect(of(namespace, SERVICE)).toEqual({
      provenance: "custom-metric",
      explainsOnly: `any application can write the namespace ${namespace}`,
    });
  });

  it.each([
    ["service reports", { ...SERVICE, ServiceName: "reports" }],
    ["cluster staging", { ...SERVICE, ClusterName: "staging" }],
    ["the whole cluster production", { ClusterName: "production" }],
    ["service shop of an unnamed cluster", { ServiceName: "shop" }],
    ["task z", { ...SERVICE, TaskId: "z" }],
    ["target group targetgroup/other/1", { TargetGroup: "targetgroup/other/1", LoadBalancer: "app/front/1" }],
    ["load balancer app/other/1", { LoadBalancer: "app/other/1" }],
    ["QueueName orders", { QueueName: "orders" }],
    ["the whole account", {}],
  ])("of AWS about %s explains only, and says so", (what, dimensions) => {
    expect(of("AWS/ECS", dimensions)).toEqual({
      provenance: "metric",
      explainsOnly: `it is about ${what}, not about this service`,
    });
  });

  it("of metric math is trusted only where every input is", () => {
    const own = { namespace: "AWS/ECS", dimensions: SERVICE };

    expect(trustOf([own, own], scope)).toEqual({ provenance: "metric" });
    expect(trustOf([own, { ...own, namespace: "Shop/App" }], scope)).toMatchObject({
      provenance: "custom-metric",
    });
    expect(trustOf([own, { ...own, dimensions: { QueueName: "q" } }], scope)).toHaveProperty("explainsOnly");
    expect(trustOf([], scope)).toMatchObject({ provenance: "custom-metric" });
  });

  it("knows its cluster by the name in an ARN", () => {
    const target = { ...TARGET, cluster: "arn:aws:ecs:eu-west-1:1:cluster/production" };

    expect(trustOf([{ namespace: "AWS/ECS", dimensions: SERVICE }], { ...scope, target })).toEqual({
      provenance: "metric",
    });
  });
});
