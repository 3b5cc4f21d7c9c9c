/** The configuration with a YAML policy file. */
import { readPolicy } from "../policy/policy-file.ts";
import { type ConfigResult, type Layers, readConfigWith } from "./config.ts";

/** As {@link readConfigWith}. */
export function readConfig(layers: Layers = {}): ConfigResult {
  return readConfigWith(readPolicy, layers);
}
