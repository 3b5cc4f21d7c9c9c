import { expect, it } from "vitest";
import { json } from "../../../test/support/aws-stub-answers.ts";
import { useAwsStub } from "../../../test/support/use-aws-stub.ts";
import { secretsOf } from "./start.ts";

const bed = useAwsStub();

const settings = { secrets: "opsagent/keys", region: "us-east-1" } as Parameters<typeof secretsOf>[0];

it("takes from the secret whatever sends to somebody else", async () => {
  const secrets = {
    OPENROUTER_API_KEY: "k",
    SLACK_BOT_TOKEN: "xoxb-1",
    OPSAGENT_WEBHOOK_URL: "https://hooks.example.com/x",
    OPSAGENT_WEBHOOK_SECRET: "s",
    OPSAGENT_PUBLIC_URL: "https://ops.example.com",
    PAGERDUTY_ROUTING_KEY: "r",
  };
  bed.stub.on("GetSecretValue", json({ SecretString: JSON.stringify(secrets) }));

  expect(await secretsOf(settings)).toEqual(secrets);
});

it.each(["OPSAGENT_MODE", "OPSAGENT_POLICY", "SLACK", "AWS_PROFILE"])(
  "refuses %s, and repeats no value",
  async (name) => {
    bed.stub.on("GetSecretValue", json({ SecretString: JSON.stringify({ [name]: "hidden-value" }) }));

    const problem = await secretsOf(settings).then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );

    expect(problem).toContain(name);
    expect(problem).not.toContain("hidden-value");
  },
);
