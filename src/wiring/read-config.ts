/** The configuration with a policy file in YAML, as people write it. */
import { readPolicy } from "../policy/policy-file.ts";
import { type ConfigResult, type Layers, readConfigWith } from "./config.ts";

/** As {@link readConfigWith}. */
export function readConfig(layers: Layers = {}): ConfigResult {
  return readConfigWith(readPolicy, layers);
}
