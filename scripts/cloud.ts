/** Deploys OpsAgent to AWS: builds what is deployed, then runs the pinned CDK command line. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { contextKeys } from "../infra/settings.ts";
import { buildLambda } from "./build.ts";

const root = join(import.meta.dirname, "..");
const [command = "", ...rest] = process.argv.slice(2);
const DOES: Readonly<Record<string, string>> = {
  synth: "writes the CloudFormation template to .opsagent/cdk.out; needs no account and no network",
  deploy: "creates or updates the stack in the account of your credentials",
  diff: "says what a deploy would change",
  destroy: "deletes the stack; the incident table stays",
  bootstrap: "prepares an account and region for CDK, once: aws://ACCOUNT/REGION",
};

function help(): string {
  const pad = (text: string) => `  ${text.padEnd(20)}`;
  return [
    "npm run synth -- -c cluster=NAME [-c KEY=VALUE ...]     docs/deploying.md has the whole way",
    "",
    ...Object.entries(DOES).map(([name, does]) => `${pad(name)} ${does}`),
    "",
    ...contextKeys().map(({ key, about }) => `${pad(`-c ${key}=`)} ${about}`),
  ].join("\n");
}

if (command === "" || command === "help" || command === "--help" || rest.includes("--help")) {
  console.log(help());
} else if (!Object.hasOwn(DOES, command)) {
  console.error(`There is no command "${command}".\n${help()}`);
  process.exitCode = 2;
} else {
  // Destroying also synthesises the app first, which needs the bundles.
  if (command !== "bootstrap") await buildLambda(join(root, "dist"));
  const quiet = command === "synth" && !rest.includes("--quiet") ? ["--quiet"] : [];
  const cdk = join(root, "node_modules", "aws-cdk", "bin", "cdk");
  const { status, error } = spawnSync(process.execPath, [cdk, command, ...quiet, ...rest], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true" },
  });
  if (error) throw error;
  if (status === 0 && command === "synth") console.log("Written: .opsagent/cdk.out/OpsAgent.template.json");
  process.exitCode = status ?? 1;
}
