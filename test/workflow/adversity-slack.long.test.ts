/** Slack is down in every way it can be: the incident goes on, ends, and says that people do not know of it yet. */
import { createServer } from "node:net";
import { describe, it, type TestContext } from "vitest";
import { type MachineOptions, startMachine } from "../support/agent-machine.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";

const MINUTES = { timeout: 120_000 };

async function handleOne(context: TestContext, options: MachineOptions) {
  const machine = await startMachine(options);
  context.onTestFinished(() => machine.close());
  const agent = await machine.start();
  const [incident] = await agent.handle(snsEvent(alarmMessage()));
  return { machine, agent, incident };
}

/** A port that takes connections and never answers. */
async function silentPort({ onTestFinished }: TestContext): Promise<number> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const UNTOLD = [{ channel: "slack-webhook", what: "the report" }];

describe("the incident is mended and recorded, and says that its report waits", () => {
  it.concurrent.for([
    ["is refused", [], { SLACK_WEBHOOK_URL: "http://127.0.0.1:9/services/T0/B0/x" }],
    ["answers 500", [{ status: 500 }], {}],
    ["answers 429", [{ status: 429, retryAfter: "120" }], {}],
    ["breaks off", ["reset"], {}],
  ] as const)("Slack %s", MINUTES, async ([, slack, variables], context) => {
    const { expect } = context;

    const { machine, agent, incident } = await handleOne(context, { slack, variables });

    expect(incident).toMatchObject({
      status: "resolved",
      failures: [],
      undelivered: UNTOLD,
    });
    expect(agent.log()).toContain("report-failed");
    expect(machine.aws.mutations()).toEqual(["StopTask"]);
    const store = machine.store();
    context.onTestFinished(() => store.close());
    expect(await store.get(incident?.id ?? "")).toEqual(incident);
    expect(await store.open()).toEqual([]);
  });

  it.concurrent("Slack hangs", MINUTES, async (context) => {
    const { expect } = context;
    const port = await silentPort(context);
    const variables = { SLACK_WEBHOOK_URL: `http://127.0.0.1:${port}/services/T0/B0/x` };

    const { machine, incident } = await handleOne(context, { variables });

    expect(incident).toMatchObject({
      status: "resolved",
      failures: [],
      undelivered: UNTOLD,
    });
    expect(machine.aws.mutations()).toEqual(["StopTask"]);
  });
});

describe("a question that cannot be put", () => {
  it.concurrent("can be answered on the command line, else nobody was asked", MINUTES, async (context) => {
    const { expect } = context;
    const policy = "modes:\n  restart: approve\napprovals:\n  deadlineMinutes: 0.1\n  cliUsers: [ann]";

    const { machine, agent, incident } = await handleOne(context, { policy, slack: [{ status: 404 }] });

    expect(incident).toMatchObject({ status: "escalated", approval: { answer: { verdict: "unasked" } } });
    expect(agent.log()).toContain("delivery-failed");
    expect(machine.aws.mutations()).toEqual([]);
  });
});
