/** The agent of a drill: the product's own composition, connected to the sandbox. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createJsonLog } from "../src/adapters/json-log/json-log.ts";
import type { Logger } from "../src/domain/ports.ts";
import { lineOf } from "../src/interfaces/cli/handle/progress.ts";
import { usableConfig } from "../src/interfaces/cli/terminal.ts";
import { compose, type OpsAgent } from "../src/wiring/compose.ts";
import type { Config } from "../src/wiring/config.ts";
import { readConfig } from "../src/wiring/read-config.ts";
import type { ScenarioFacts } from "./facts.ts";
import { DRILL_POLICY } from "./policy.ts";
import type { Receivers } from "./receivers.ts";
import type { Sandbox } from "./sandbox-process.ts";
import type { View } from "./view.ts";

export interface AgentOptions {
  /** A folder for the drill's files; created. */
  readonly folder: string;
  readonly view: View;
}

export interface DrillAgent extends OpsAgent {
  readonly config: Config;
  readonly logger: Logger;
}

/** Composes the product on the sandbox, with its store and log in the drill's folder. */
export function startAgent(
  sandbox: Sandbox,
  receivers: Receivers,
  facts: ScenarioFacts,
  options: AgentOptions,
): DrillAgent {
  mkdirSync(options.folder, { recursive: true });
  const policyPath = join(options.folder, "policy.yaml");
  writeFileSync(policyPath, DRILL_POLICY);
  // The sandbox accepts any credentials, but the SDK needs some.
  process.env["AWS_ACCESS_KEY_ID"] = "drill";
  process.env["AWS_SECRET_ACCESS_KEY"] = "drill";
  delete process.env["AWS_PROFILE"];
  delete process.env["AWS_SESSION_TOKEN"];
  const key = process.env["OPENROUTER_API_KEY"];
  const diagnoser = process.env["OPSAGENT_DIAGNOSER"] ?? (key ? "model" : "rules");
  options.view.line(
    "agent",
    diagnoser === "model"
      ? "the model diagnoses, the rules give the second opinion"
      : "no OPENROUTER_API_KEY is used: the built-in rules diagnose, no model is asked",
  );
  const config = usableConfig(
    readConfig({
      overrides: {
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_REGION: "us-east-1",
        ECS_CLUSTER: facts.cluster,
        OPSAGENT_POLICY: policyPath,
        OPSAGENT_STORE: storeOf(options.folder),
        OPSAGENT_DIAGNOSER: diagnoser,
        SLACK_WEBHOOK_URL: receivers.slackUrl,
      },
    }),
  );
  const logFile = join(options.folder, "agent.log");
  let last = "";
  const logger = createJsonLog((line) => writeFileSync(logFile, `${line}\n`, { flag: "a" }));
  const agent = compose(config, {
    logger,
    listener: (event) => {
      const line = lineOf(event);
      if (line !== last) options.view.line("agent", line);
      last = line;
    },
  });
  return { ...agent, config, logger };
}

const storeOf = (folder: string) => `sqlite:${join(folder, "opsagent.db")}`;

/** Returns the settings with which a command in another terminal finds this drill's question. */
export function settingsFor({ folder }: AgentOptions): string {
  const settings = { OPSAGENT_STORE: storeOf(folder), OPSAGENT_DIAGNOSER: "rules" };
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value}'`)
    .join(" ");
}
