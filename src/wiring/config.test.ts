import { describe, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";

const SECRET = "a-secret-of-at-least-24-characters";
/** The test's own environment must not count. */
const NONE = {
  OPSAGENT_STORE: "",
  OPSAGENT_HTTP_TOKENS: "",
  OPSAGENT_POLICY: "",
  SLACK_BOT_TOKEN: "",
  SLACK_CHANNEL: "",
  SLACK_SIGNING_SECRET: "",
};
const read = (overrides: Record<string, string>) => readConfig({ overrides: { ...NONE, ...overrides } });
const usable = (overrides: Record<string, string>) => {
  const result = read(overrides);
  if (!result.ok) throw new Error(result.problems.join("; "));
  return result.config;
};
const problems = (overrides: Record<string, string>) => {
  const result = read(overrides);
  return result.ok ? [] : result.problems;
};

describe("the store", () => {
  it.each([
    ["", { kind: "sqlite", path: ".opsagent/opsagent.db" }, ".opsagent/opsagent.db"],
    ["sqlite:/data/x.db", { kind: "sqlite", path: "/data/x.db" }, "/data/x.db"],
    ["dynamodb:ops-agent", { kind: "dynamodb", table: "ops-agent" }, ".opsagent/ops-agent"],
  ])("%j", (OPSAGENT_STORE, store, storePath) => {
    const config = usable({ OPSAGENT_STORE });

    expect(config).toMatchObject({ store, storePath });
  });

  it.each(["sqlite:", "dynamodb:", "dynamodb:a", "dynamodb:../../etc", "postgres:x", "x"])(
    "is not %j",
    (OPSAGENT_STORE) => {
      expect(problems({ OPSAGENT_STORE })).toEqual([
        'OPSAGENT_STORE: must be "sqlite:PATH" or "dynamodb:TABLE"',
      ]);
    },
  );
});

describe("the Slack app", () => {
  it("needs a token and a channel", () => {
    const config = usable({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_CHANNEL: "C1", SLACK_SIGNING_SECRET: "s" });

    expect(config.slackApp).toEqual({ token: "xoxb-1", channel: "C1", apiUrl: "https://slack.com/api/" });
    expect(config.slackSigningSecret).toBe("s");
    expect(usable({}).slackApp).toBeUndefined();
  });

  it.each([
    [{ SLACK_BOT_TOKEN: "xoxb-1" }, "SLACK_CHANNEL: is needed where SLACK_BOT_TOKEN is set"],
    [{ SLACK_CHANNEL: "C1" }, "SLACK_BOT_TOKEN: is needed where SLACK_CHANNEL is set"],
  ])("is refused by halves: %j", (given, problem) => {
    const found = problems(given);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });
});

describe("HTTP tokens", () => {
  it("are names with secrets, which may contain colons", () => {
    const { httpTokens } = usable({ OPSAGENT_HTTP_TOKENS: `pager:${SECRET}, ci-2:a:b${SECRET}` });

    expect(httpTokens).toEqual([
      { name: "pager", secret: SECRET },
      { name: "ci-2", secret: `a:b${SECRET}` },
    ]);
  });

  it.each([
    [SECRET, 'entry 1 must be "name:secret"'],
    [`pager:${SECRET},`, 'entry 2 must be "name:secret"'],
    [`two words:${SECRET}`, 'entry 1 must be "name:secret"'],
    ["pager:short", "the secret of entry 1 must have at least 24 characters"],
    [`pager:${SECRET},pager:x${SECRET}`, "entry 2 repeats a name or a secret"],
    [`pager:${SECRET},ci:${SECRET}`, "entry 2 repeats a name or a secret"],
  ])("are refused without being repeated", (OPSAGENT_HTTP_TOKENS, problem) => {
    const found = problems({ OPSAGENT_HTTP_TOKENS });

    expect(found.join()).toContain(`OPSAGENT_HTTP_TOKENS: ${problem}`);
    expect(found.join()).not.toContain(SECRET);
  });
});

it("lists every problem at once", () => {
  const found = problems({ OPSAGENT_STORE: "x", OPSAGENT_HTTP_TOKENS: "y", SLACK_CHANNEL: "C1" });

  expect(found.map((problem) => problem.split(":")[0])).toEqual([
    "OPSAGENT_STORE",
    "OPSAGENT_HTTP_TOKENS",
    "SLACK_BOT_TOKEN",
  ]);
});
