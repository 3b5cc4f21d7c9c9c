/** The AWS calls that the product's code can make: what its `sdk` modules take from the vendor's packages. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** IAM's prefix for each client package that the product imports. */
const PREFIXES: Readonly<Record<string, string>> = {
  "application-auto-scaling": "application-autoscaling",
  cloudtrail: "cloudtrail",
  cloudwatch: "cloudwatch",
  "cloudwatch-logs": "logs",
  dynamodb: "dynamodb",
  ecs: "ecs",
  kms: "kms",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  lambda: "lambda",
  "secrets-manager": "secretsmanager",
  sns: "sns",
};

/** Calls whose permission has another name, and calls that need none. */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  "lambda:Invoke": ["lambda:InvokeFunction"],
};

/** What only the command line does for a person, with that person's own rights. */
const OF_THE_COMMAND_LINE = /src\/(interfaces\/cli|doctor|init)\/|src\/adapters\/aws\/inspect\//;

const statement = /(?:export|import)\s+\{([^}]*)\}\s+from\s+"@aws-sdk\/client-([\w-]+)"/g;

/**
 * `service:Action` of every command class that a module under src/adapters takes from a client package. Throws for a
 * package whose IAM prefix is not known, so that a new client cannot be forgotten.
 */
export function productCalls(): readonly string[] {
  const files = globSync("{src,packages/durable-sqlite}/**/*.ts", { cwd: root }).filter(
    (file) => !file.endsWith(".test.ts") && !OF_THE_COMMAND_LINE.test(file.replaceAll("\\", "/")),
  );
  const calls = files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(statement)].flatMap(([, names = "", client = ""]) => {
      const commands = names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => /^[A-Z]\w*Command$/.test(name));
      if (commands.length === 0) return [];
      const prefix = PREFIXES[client];
      if (prefix === undefined)
        throw new Error(`${file} uses ${client}, whose permissions are not known here.`);
      return commands.map((command) => `${prefix}:${command.replace(/Command$/, "")}`);
    }),
  );
  // The durable SDK keeps an execution's state with the function's own role.
  const durable = ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"];
  return [...new Set([...calls, ...durable].flatMap((call) => RENAMED[call] ?? [call]))];
}
