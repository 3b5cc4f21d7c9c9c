import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ACTING_LINE } from "../test/samples/acting-policy.ts";
import { contextKeys, readSettings } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "opsagent-settings-"));
writeFileSync(join(folder, "policy.yaml"), `${ACTING_LINE}\nservices: { shop: {} }\n`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (context: Readonly<Record<string, unknown>>) => readSettings((key) => context[key], folder);

describe("what is to be deployed", () => {
  it("needs the cluster's name and nothing else, and then changes nothing", () => {
    const settings = read({ cluster: "prod" });

    expect(settings).toMatchObject({
      name: "opsagent",
      mode: "observe",
      package: "zip",
      reservedConcurrency: 10,
    });
    expect(settings.policy.mayAct("shop")).toEqual([]);
  });

  it("takes what a command line can give: text", () => {
    const settings = read({
      cluster: "prod",
      mode: "auto",
      serviceAlarms: "true",
      reservedConcurrency: "none",
      logGroups: "/app/web, /app/jobs-*, eu-west-1:/app/far",
      loadBalancers: '{"shop":{"loadBalancer":"app/a/1","targetGroup":"targetgroup/b/2"}}',
    });

    expect(settings).toMatchObject({
      serviceAlarms: true,
      reservedConcurrency: "none",
      logGroups: ["/app/web", "/app/jobs-*", "eu-west-1:/app/far"],
      loadBalancers: { shop: { targetGroup: "targetgroup/b/2" } },
    });
  });

  it.each([
    ["no cluster", {}, "cluster"],
    ["an ARN for the cluster", { cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/prod" }, "not its ARN"],
    ["a wildcard for the cluster", { cluster: "*" }, "cluster"],
    ["a wildcard for the logs", { cluster: "prod", logGroupPrefix: "*" }, "logGroupPrefix"],
    [
      "a wildcard for a role",
      { cluster: "prod", taskRoles: "arn:aws:iam::111122223333:role/*" },
      "taskRoles",
    ],
    ["a mode that is none", { cluster: "prod", mode: "reckless" }, "mode"],
    ["no policy file", { cluster: "prod", policy: "nowhere.yaml" }, "nowhere.yaml"],
    ["load balancers that are no JSON", { cluster: "prod", loadBalancers: "shop" }, "loadBalancers"],
  ])("refuses %s", (_name, context, told) => {
    expect(() => read(context)).toThrow(told);
  });

  it("tells every problem at once", () => {
    expect(() => read({ cluster: "prod", mode: "x", package: "y" })).toThrow(/mode.*package/s);
  });

  it("says of every key what it is for", () => {
    expect(contextKeys().filter(({ about }) => about === "")).toEqual([]);
  });
});
