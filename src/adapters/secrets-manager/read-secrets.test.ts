import { expect, it } from "vitest";
import { awsError, json } from "../../../test/support/aws-stub-answers.ts";
import { useAwsStub } from "../../../test/support/use-aws-stub.ts";
import { readSecrets } from "./read-secrets.ts";

const bed = useAwsStub();

const read = () => readSecrets("opsagent/settings", "us-east-1");

it("reads names and texts", async () => {
  bed.stub.on("GetSecretValue", () =>
    json({ SecretString: '{"SLACK_BOT_TOKEN":"xoxb-1","SLACK_CHANNEL":"C1"}' }),
  );

  expect(await read()).toEqual({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_CHANNEL: "C1" });
  expect(bed.stub.calls("GetSecretValue")).toEqual([{ SecretId: "opsagent/settings" }]);
});

it.each([
  ["ResourceNotFoundException", "Create it in this region"],
  ["AccessDeniedException", "secretsmanager:GetSecretValue"],
])("names the remedy for %s", async (code, remedy) => {
  bed.stub.on("GetSecretValue", () => awsError(code));

  await expect(read()).rejects.toMatchObject({
    code: "config-invalid",
    message: expect.stringContaining(code),
    remedy: expect.stringContaining(remedy),
  });
});

it.each([
  "sk-or-v1-no-json-at-all",
  '{"OPENROUTER_API_KEY": 42, "OTHER": "sk-or-v1-hidden"}',
  '["sk-or-v1-listed"]',
])("repeats nothing of a secret that is no object of texts", async (text) => {
  bed.stub.on("GetSecretValue", () => json({ SecretString: text }));

  const problem = await read().then(
    () => undefined,
    (thrown: unknown) => thrown as Error & { remedy: string },
  );

  expect(problem).toMatchObject({ code: "config-invalid" });
  expect(`${problem?.message} ${problem?.remedy}`).not.toContain("sk-or");
});
