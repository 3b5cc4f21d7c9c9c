/** Config -> the policy of now. */
import { readFile } from "node:fs/promises";
import type { Logger, PolicySource, PolicyVersions } from "../domain/ports.ts";
import { createPolicySource } from "../policy/policy-source.ts";
import type { Config } from "./config.ts";

/**
 * A policy file is followed as it changes. Without one, and on Lambda, where the file is part of the deployment, the
 * newest version that was published in the store counts, and the policy of the start until there is one.
 */
export function wirePolicy(
  { policy: start, policyFile: path }: Pick<Config, "policy" | "policyFile">,
  {
    store,
    logger,
    packed = false,
  }: {
    readonly store: Pick<PolicyVersions, "newestPolicy">;
    readonly logger: Logger;
    /** The policy file is part of a deployment. */
    readonly packed?: boolean | undefined;
  },
): PolicySource {
  const now = () => new Date();
  if (path === undefined || packed) return createPolicySource({ start, from: store, now, logger });
  const file = {
    path,
    read: () => readFile(path, "utf8"),
    // The parser is large, and Lambda does not need it.
    parse: async (text: string) => (await import("../policy/policy-file.ts")).readPolicy(text),
  };
  return createPolicySource({ start, from: file, now, logger });
}
