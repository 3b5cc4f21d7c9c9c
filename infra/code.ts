/** The folder that becomes /var/task: the built bundles and the policy file. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { Code, DockerImageCode } from "aws-cdk-lib/aws-lambda";
import { packedPolicy } from "./packed-policy.ts";
import type { Settings } from "./settings.ts";

export const HANDLERS = ["lambda.mjs", "dispatcher.mjs", "http.mjs"] as const;

const POLICY_FILE = "policy.json";

/** The policy's path on AWS: JSON, so that no function loads a YAML parser at its start. */
export const POLICY_ON_LAMBDA = `/var/task/${POLICY_FILE}`;

/** In an image it is the YAML file, where the Dockerfile puts it. */
export const POLICY_IN_IMAGE = "/var/task/policy.yaml";

/**
 * Packs the code. Throws when a bundle is missing. The copy is removed when the process ends; CDK has its own by
 * then.
 */
export function packCode(dist: string, policyText: string): Code {
  const missing = HANDLERS.filter((file) => !existsSync(join(dist, file)));
  if (missing.length > 0) throw new Error(`${dist} lacks ${missing.join(", ")}: npm run build writes them.`);
  const folder = mkdtempSync(join(tmpdir(), "opsagent-code-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // `single.mjs` is only deployed by hand.
  cpSync(dist, folder, { recursive: true, filter: (file) => basename(file) !== "single.mjs" });
  writeFileSync(join(folder, POLICY_FILE), packedPolicy(policyText));
  return Code.fromAsset(folder);
}

/** The image of the Dockerfile; only `cdk deploy` builds it. The policy file must lie inside the checkout. */
export function imageCode(root: string, { policyPath }: Settings): DockerImageCode {
  const policy = relative(root, policyPath);
  if (policy.startsWith("..")) {
    throw new Error(`An image can only hold what is in ${root}: put the policy file (${policyPath}) there.`);
  }
  return DockerImageCode.fromImageAsset(root, {
    file: "Dockerfile",
    target: "lambda",
    buildArgs: { POLICY: policy },
    platform: Platform.LINUX_ARM64,
    cmd: ["lambda.handler"],
  });
}
