/** The configuration with a policy file in YAML, as people write it. */
import { type ConfigResult, type Layers, readConfigWith } from "./config.ts";
import { readPolicy } from "./policy/policy-file.ts";

/** As {@link readConfigWith}. */
export function readConfig(layers: Layers = {}): ConfigResult {
  return readConfigWith(readPolicy, layers);
}
