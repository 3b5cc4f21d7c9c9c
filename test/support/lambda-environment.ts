import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childEnvironment } from "./child-environment.ts";
import { type InvocationResult, startRuntimeApi } from "./runtime-api.ts";

const ric = join(import.meta.dirname, "../../node_modules/aws-lambda-ric");

/** Why the published runtime interface client cannot run on this machine; undefined when it can. */
export function ricIsMissing(): string | undefined {
  if (!existsSync(join(ric, "index.mjs"))) return "aws-lambda-ric is not installed (an optional dependency)";
  // Its native part is compiled on installation, which needs cmake and a C++ compiler, and never works on macOS.
  if (!existsSync(join(ric, "rapid-client.node"))) return "the native part of aws-lambda-ric was not built";
  return undefined;
}

/** One execution environment: a runtime that has loaded the function and asks for events. */
export interface LambdaEnvironment {
  /** One invocation; rejects when the process ends before it has answered. */
  invoke(event: unknown, remainingMs?: number): Promise<InvocationResult>;
  /** Everything that the function has printed, as CloudWatch Logs would have it. */
  output(): string;
  /** Every module that the function's folder has asked for, and where it was found (or `missing`). */
  modules(): readonly { readonly specifier: string; readonly found: string }[];
  stop(): Promise<void>;
}

/** Records what the function imports, from the first line on; modules of the runtime itself do not count. */
const RECORDER = `
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
const home = pathToFileURL(process.env.LAMBDA_TASK_ROOT).href + "/";
registerHooks({ resolve(specifier, context, next) {
  if (!context.parentURL?.startsWith(home)) return next(specifier, context);
  let found = "missing";
  try { const result = next(specifier, context); found = result.url; return result; }
  finally { appendFileSync(process.env.TEST_MODULES, JSON.stringify({ specifier, found }) + "\\n"); }
} });
`;

/** Starts a function in `taskRoot` (`NAME.mjs` there) with nothing of this process's environment but PATH. */
export async function startLambda(
  folders: { readonly taskRoot: string; readonly scratch: string },
  variables: Readonly<Record<string, string>>,
  name = "lambda",
): Promise<LambdaEnvironment> {
  const handler = `${name}.handler`;
  const api = await startRuntimeApi();
  const modules = join(folders.scratch, "modules.jsonl");
  const recorder = join(folders.scratch, "recorder.mjs");
  writeFileSync(modules, "");
  writeFileSync(recorder, RECORDER);
  const child = spawn(process.execPath, [join(ric, "index.mjs"), handler], {
    cwd: folders.taskRoot,
    env: {
      ...childEnvironment(),
      NODE_OPTIONS: `--import=${recorder}`,
      TEST_MODULES: modules,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: "opsagent",
      AWS_LAMBDA_FUNCTION_VERSION: "1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/opsagent",
      AWS_LAMBDA_LOG_STREAM_NAME: "test",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      LAMBDA_TASK_ROOT: folders.taskRoot,
      _HANDLER: handler,
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const died = ended.then(([code, signal]): never => {
    throw new Error(`The runtime ended with ${code ?? signal}:\n${output}`);
  });
  died.catch(() => {});
  return {
    invoke: (event, remainingMs = 300_000) =>
      Promise.race([api.invoke(event, remainingMs), api.initError, died]),
    output: () => output,
    modules: () =>
      readFileSync(modules, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    async stop() {
      child.kill("SIGKILL");
      await ended;
      await api.close();
    },
  };
}
