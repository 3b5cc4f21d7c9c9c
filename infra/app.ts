/** The CDK app: `node infra/app.ts`, or through the CLI (`npm run synth`, `npm run deploy`). */
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readSettings } from "./settings.ts";
import { OpsAgentStack } from "./stack.ts";

const root = join(import.meta.dirname, "..");
const app = new App();
try {
  const settings = readSettings((key) => app.node.tryGetContext(key), process.cwd());
  new OpsAgentStack(app, "OpsAgent", { settings, root, dist: join(root, "dist") });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
