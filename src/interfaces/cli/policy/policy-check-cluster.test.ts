import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { awsError, json } from "../../../../test/support/aws-stub-answers.ts";
import { runCommand } from "../../../../test/support/command-line.ts";
import { useAwsStub } from "../../../../test/support/use-aws-stub.ts";
import { addPolicyCommands } from "./policy.ts";

const bed = useAwsStub();

async function check(lines: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-policy-"));
  const path = join(folder, "policy.yaml");
  writeFileSync(path, lines.join("\n"));
  const checked = await runCommand(addPolicyCommands, ["policy", "check", path, "--cluster", "prod"], {
    OPSAGENT_STORE: `sqlite:${join(folder, "none.db")}`,
    OPSAGENT_MODE: "",
    AWS_REGION: "us-east-1",
  });
  rmSync(folder, { recursive: true });
  return checked;
}

const WRITTEN = [
  "services:",
  "  shop: { protected: true }",
  "  Payments: { protected: true }",
  "  later: { protected: true }",
  "freezes:",
  "  - { from: 2999-01-01T00:00:00Z, to: 2999-01-02T00:00:00Z, services: [shop, biling] }",
  "absentServices: [later]",
];

it("warns with the line of each name that is no service of the cluster, and of what follows", async () => {
  const arns = ["shop", "payments", "billing"].map(
    (name) => `arn:aws:ecs:us-east-1:123456789012:service/prod/${name}`,
  );
  bed.stub.on("ListServices", json({ serviceArns: arns }));

  const { exit, stdout } = await check(WRITTEN);

  expect(exit).toBe(0);
  expect(stdout).toMatch(
    /policy\.yaml:3: services\.Payments: prod has no service Payments: while that is so, nothing is acted on/,
  );
  expect(stdout).toMatch(/policy\.yaml:6: freezes\.0\.services\.1: prod has no service biling/);
  expect(stdout).not.toContain("no service later");
  expect(stdout).not.toContain("no service shop");
});

it("says why where the cluster cannot be read", async () => {
  bed.stub.on("ListServices", awsError("AccessDeniedException"));

  expect((await check(WRITTEN)).error).toContain("ListServices");
});

it.each(["pay*", "pay?", "/pay/", "*"])(
  "refuses the pattern %s, with what to write instead",
  async (pattern) => {
    bed.stub.on("ListServices", json({ serviceArns: [] }));

    const { exit, stdout } = await check(["services:", `  "${pattern}": { protected: true }`]);

    expect(exit).toBe(1);
    expect(stdout).toContain("patterns are not supported here: name each one");
  },
);
