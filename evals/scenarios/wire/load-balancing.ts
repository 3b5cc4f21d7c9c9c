/** Elastic Load Balancing over AWS Query. */
import { xml } from "../../../test/support/aws-stub-answers.ts";
import type { Handlers } from "./handlers.ts";
import type { Scene } from "./scene.ts";

/** A target's state until its first checks. */
const REGISTERING = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
} as const;

/** DescribeTargetGroups and DescribeTargetHealth of the case. */
export function loadBalancingHandlers(scene: Scene): Handlers {
  const { balancer } = scene.world;
  if (balancer === false) return { DescribeTargetGroups: () => xml("<TargetGroups/>") };
  const group = [
    tag("TargetGroupArn", scene.targetGroupArn),
    tag("TargetGroupName", scene.targetGroup.split("/")[1] ?? ""),
    tag("Protocol", "HTTP"),
    tag("Port", `${scene.port}`),
    tag("LoadBalancerArns", tag("member", scene.loadBalancerArn)),
    tag("HealthCheckProtocol", "HTTP"),
    tag("HealthCheckPath", balancer?.path ?? "/healthz"),
    tag("HealthCheckPort", balancer?.port === undefined ? "traffic-port" : `${balancer.port}`),
    tag("HealthCheckEnabled", "true"),
    tag("HealthCheckIntervalSeconds", `${balancer?.intervalSeconds ?? 15}`),
    tag("HealthCheckTimeoutSeconds", `${balancer?.timeoutSeconds ?? 5}`),
    tag("HealthyThresholdCount", "3"),
    tag("UnhealthyThresholdCount", "3"),
    tag("Matcher", tag("HttpCode", balancer?.matcher ?? "200")),
    tag("TargetType", scene.world.launch === "ec2" ? "instance" : "ip"),
  ].join("");
  const ec2 = scene.world.launch === "ec2";
  const behind = scene.running
    .filter((task) => task.age !== undefined)
    .map((task, index) =>
      target(
        ec2 ? `i-0${scene.targetGroup.slice(-14)}${index % 2}` : task.address,
        ec2 ? task.hostPort : scene.port,
        task.target ?? ((task.age ?? 0) < 0.8 ? REGISTERING : undefined),
      ),
    );
  const extra = (balancer?.extra ?? []).map((one, index) => target(`10.0.9.${index + 7}`, scene.port, one));
  return {
    DescribeTargetGroups: () => xml(tag("TargetGroups", tag("member", group))),
    DescribeTargetHealth: () => xml(tag("TargetHealthDescriptions", [...behind, ...extra].join(""))),
  };
}

function target(
  id: string,
  port: number,
  health: { readonly state: string; readonly reason?: string; readonly description?: string } = {
    state: "healthy",
  },
): string {
  return tag(
    "member",
    tag("Target", tag("Id", id) + tag("Port", `${port}`) + tag("AvailabilityZone", "eu-west-1a")) +
      tag("HealthCheckPort", `${port}`) +
      tag(
        "TargetHealth",
        tag("State", health.state) +
          (health.reason === undefined ? "" : tag("Reason", health.reason)) +
          (health.description === undefined ? "" : tag("Description", escapeText(health.description))),
      ),
  );
}

const tag = (name: string, inside: string) => `<${name}>${inside}</${name}>`;

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
