import { expect, it } from "vitest";
import { OpsAgentError } from "../../domain/errors.ts";
import type { ActionLogDestination } from "../../evidence/ports.ts";
import type { Examination } from "../examination.ts";
import { actionLogs } from "./action-logs.ts";

const denied = new OpsAgentError({ code: "aws-denied", message: "denied", remedy: "Allow it." });
const unsupported = new OpsAgentError({ code: "aws-unsupported", message: "unknown", remedy: "-" });
const GROUP = "/aws/vendedlogs/ecs/action-logs/production";

function look(read: boolean, answer: ActionLogDestination | OpsAgentError | undefined) {
  const destination = async () => {
    if (answer instanceof OpsAgentError) throw answer;
    return answer;
  };
  const examination = {
    configured: () => ({
      config: { policy: { evidence: { actionLogs: read } } },
      ports: { actionLogs: { destination } },
    }),
    cluster: async () => ({
      name: "production",
      arn: "arn:aws:ecs:us-east-1:123456789012:cluster/production",
    }),
  } as unknown as Examination;
  return actionLogs.run(examination, { signal: AbortSignal.timeout(10_000) });
}

it("names what Action Logs are worth and what they cost", () => {
  expect(actionLogs.does).toMatch(/beyond the hour.*cost what vended logs cost/);
});

it.each([
  ["off, as most clusters have it", false, undefined, { status: "ok" }],
  [
    "asked for and off",
    true,
    undefined,
    { status: "warning", remedy: expect.stringContaining("Turn them on") },
  ],
  ["on and read", true, { kind: "CWL", group: GROUP }, { status: "ok" }],
  [
    "on and not read",
    false,
    { kind: "CWL", group: GROUP },
    { status: "warning", remedy: expect.stringContaining("evidence.actionLogs: true") },
  ],
  ["in a bucket", true, { kind: "S3" }, { status: "ok", seen: expect.stringContaining("Amazon S3") }],
  ["not to be asked for", true, denied, { status: "skipped", remedy: "Allow it." }],
  ["unknown to the endpoint", false, unsupported, { status: "skipped" }],
])("says of Action Logs that are %s", async (_, read, answer, finding) => {
  expect(await look(read, answer)).toMatchObject(finding);
});
