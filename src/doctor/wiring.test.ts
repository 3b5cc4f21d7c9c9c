import { describe, expect, it } from "vitest";
import type { AlarmWiring } from "./ports.ts";
import { principalOf } from "./principal.ts";
import { linkOf, reachesAgent, shortAddress } from "./wiring.ts";

const about = {
  cluster: "prod",
  service: "shop",
  targetGroups: ["targetgroup/shop/1"],
  patterns: ["payments-*"],
};

function alarm(name: string, dimensions: Record<string, string> = {}, rule?: string): AlarmWiring {
  const metrics = rule === undefined ? [{ namespace: "N", metric: "M", dimensions }] : [];
  return { name, actionsEnabled: true, actions: [], metrics, ...(rule === undefined ? {} : { rule }) };
}

const shop = { ClusterName: "prod", ServiceName: "shop" };

describe("an alarm is about a service", () => {
  const others = new Map([
    ["cpu high", alarm("cpu high", shop)],
    ["other", alarm("other", { ClusterName: "prod", ServiceName: "cart" })],
  ]);

  it.each([
    ["by its dimensions", alarm("a", shop), "dimensions"],
    ["by a pattern of the policy", alarm("payments-slow"), "pattern"],
    ["by its target group", alarm("a", { TargetGroup: "targetgroup/shop/1" }), "target-group"],
    ["by a part of the composite", alarm("c", {}, 'ALARM("cpu high") AND NOT OK(other)'), "composite"],
    ["not in another cluster", alarm("a", { ...shop, ClusterName: "test" }), undefined],
    ["not for another service", alarm("a", { ...shop, ServiceName: "shop2" }), undefined],
    ["not by parts about others", alarm("c", {}, "ALARM(other)"), undefined],
    ["not by itself as a part", alarm("loop", {}, "ALARM(loop)"), undefined],
  ])("%s", (_how, given, link) => {
    expect(linkOf(given, about, (name) => (name === "loop" ? given : others.get(name)))).toBe(link);
  });
});

it.each([
  ["lambda", "arn:aws:lambda:r:1:function:opsagent", true, undefined, true],
  ["lambda", "arn:aws:lambda:r:1:function:opsagent", true, "another", false],
  ["https", "https://ops.example.com/sns", true, "ops.example.com", true],
  ["https", "https://ops.example.com/sns", false, undefined, false],
  ["email", "oncall@example.com", true, undefined, false],
])("%s %s (confirmed: %s, wanted: %s) reaches the agent: %s", (protocol, endpoint, confirmed, wanted, is) => {
  expect(reachesAgent({ protocol, endpoint, confirmed }, wanted)).toBe(is);
});

it("an address is told by what a person recognises", () => {
  expect(shortAddress("https://ops.example.com/secret-path")).toBe("ops.example.com");
  expect(shortAddress("arn:aws:sns:us-east-1:000000000000:ops-alarms")).toBe("ops-alarms");
});

it.each([
  ["arn:aws:sts::123456789012:assumed-role/opsagent/i-1", "arn:aws:iam::123456789012:role/opsagent"],
  ["arn:aws-cn:sts::123456789012:assumed-role/opsagent/x", "arn:aws-cn:iam::123456789012:role/opsagent"],
  ["arn:aws:iam::123456789012:user/team/ann", "arn:aws:iam::123456789012:user/team/ann"],
  ["arn:aws:iam::123456789012:root", undefined],
  ["arn:aws:sts::123456789012:federated-user/ann", undefined],
])("IAM can simulate %s as %s", (caller, principal) => {
  expect(principalOf(caller)).toBe(principal);
});
