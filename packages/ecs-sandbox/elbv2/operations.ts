import { readNumber, readObject, readObjects, readText, readTexts, requireText } from "../wire/input.ts";
import { type Operation, WireError } from "../wire/service.ts";
import type { World } from "../world.ts";
import type { LoadBalancer, TargetGroup, TargetHealth } from "./model.ts";
import type { TargetGroups } from "./target-groups.ts";

/** The ELBv2 operations that read target groups, their targets and load balancers, and that change target groups. */
export function elbOperations(
  world: World,
  targetGroups: TargetGroups,
  balancers: () => readonly LoadBalancer[],
): Record<string, Operation> {
  function find(arn: string): TargetGroup {
    const group = targetGroups.get(arn);
    if (!group) throw new WireError("TargetGroupNotFound", `Target groups '${arn}' not found`);
    return group;
  }

  return {
    DescribeTargetHealth(input) {
      const arn = requireText(input, "TargetGroupArn");
      const group = find(arn);
      const asked = readObjects(input, "Targets").map((target) => ({
        id: requireText(target, "Id"),
        port: Number(readText(target, "Port") ?? 0),
      }));
      const addresses =
        asked.length > 0 ? asked : [...group.targets.values()].map((target) => target.address);
      return {
        TargetHealthDescriptions: addresses.map((address) => ({
          Target: { Id: address.id, Port: address.port },
          HealthCheckPort: String(
            group.healthCheck.port === "traffic-port" ? address.port : group.healthCheck.port,
          ),
          TargetHealth: healthView(targetGroups.health(arn, address)),
        })),
      };
    },

    DescribeTargetGroups(input) {
      const arns = readTexts(input, "TargetGroupArns");
      const names = readTexts(input, "Names");
      const balancerArn = readText(input, "LoadBalancerArn");
      const missing = arns.find((arn) => !targetGroups.get(arn));
      if (missing) throw new WireError("TargetGroupNotFound", "One or more target groups not found");
      const wanted = targetGroups
        .list()
        .filter((group) => arns.length === 0 || arns.includes(group.arn))
        .filter((group) => names.length === 0 || names.includes(group.name))
        .filter((group) => balancerArn === undefined || group.loadBalancerArn === balancerArn);
      if (names.length > 0 && wanted.length === 0) {
        throw new WireError("TargetGroupNotFound", "One or more target groups not found");
      }
      return { TargetGroups: wanted.map(groupView) };
    },

    ModifyTargetGroup(input) {
      const group = find(requireText(input, "TargetGroupArn"));
      const port = readText(input, "HealthCheckPort");
      const before = group.healthCheck;
      group.healthCheck = {
        path: readText(input, "HealthCheckPath") ?? before.path,
        port: port === undefined ? before.port : port === "traffic-port" ? port : Number(port),
        intervalSeconds: readNumber(input, "HealthCheckIntervalSeconds") ?? before.intervalSeconds,
        timeoutSeconds: readNumber(input, "HealthCheckTimeoutSeconds") ?? before.timeoutSeconds,
        healthyThreshold: readNumber(input, "HealthyThresholdCount") ?? before.healthyThreshold,
        unhealthyThreshold: readNumber(input, "UnhealthyThresholdCount") ?? before.unhealthyThreshold,
        matcher: readText(readObject(input, "Matcher"), "HttpCode") ?? before.matcher,
      };
      return { TargetGroups: [groupView(group)] };
    },

    DescribeTargetGroupAttributes(input) {
      return { Attributes: attributesOf(find(requireText(input, "TargetGroupArn"))) };
    },

    ModifyTargetGroupAttributes(input) {
      const group = find(requireText(input, "TargetGroupArn"));
      for (const attribute of readObjects(input, "Attributes")) {
        if (attribute["Key"] === drainKey) {
          group.deregistrationDelaySeconds =
            readNumber(attribute, "Value") ?? group.deregistrationDelaySeconds;
        }
      }
      return { Attributes: attributesOf(group) };
    },

    DescribeLoadBalancers(input) {
      const arns = readTexts(input, "LoadBalancerArns");
      const names = readTexts(input, "Names");
      const wanted = balancers().filter(
        (balancer) =>
          (arns.length === 0 || arns.includes(balancer.arn)) &&
          (names.length === 0 || names.includes(balancer.name)),
      );
      if (arns.length + names.length > 0 && wanted.length === 0) {
        throw new WireError("LoadBalancerNotFound", "One or more load balancers not found");
      }
      return { LoadBalancers: wanted.map((balancer) => balancerView(world, balancer)) };
    },
  };
}

const drainKey = "deregistration_delay.timeout_seconds";

/** Stickiness lasts a day unless it was set. */
function attributesOf(group: TargetGroup): readonly Record<string, string>[] {
  const { deregistrationDelaySeconds, stickinessSeconds } = group;
  return [
    { Key: drainKey, Value: String(deregistrationDelaySeconds) },
    { Key: "stickiness.enabled", Value: String(stickinessSeconds !== undefined) },
    { Key: "stickiness.type", Value: "lb_cookie" },
    { Key: "stickiness.lb_cookie.duration_seconds", Value: String(stickinessSeconds ?? 86_400) },
  ];
}

function healthView(health: TargetHealth): Record<string, unknown> {
  return { State: health.state, Reason: health.reason, Description: health.description };
}

function groupView(group: TargetGroup): Record<string, unknown> {
  const { healthCheck } = group;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: "HTTP",
    Port: 80,
    VpcId: "vpc-0a1b2c3d4e5f60718",
    HealthCheckProtocol: "HTTP",
    HealthCheckPort: String(healthCheck.port),
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    HealthCheckPath: healthCheck.path,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: [group.loadBalancerArn],
    TargetType: "ip",
    ProtocolVersion: "HTTP1",
    IpAddressType: "ipv4",
  };
}

function balancerView(world: World, balancer: LoadBalancer): Record<string, unknown> {
  return {
    LoadBalancerArn: balancer.arn,
    DNSName: new URL(balancer.url).host,
    CreatedTime: balancer.createdAt,
    LoadBalancerName: balancer.name,
    Scheme: "internal",
    VpcId: "vpc-0a1b2c3d4e5f60718",
    State: { Code: "active" },
    Type: "application",
    AvailabilityZones: [{ ZoneName: `${world.region}a` }],
    IpAddressType: "ipv4",
  };
}
