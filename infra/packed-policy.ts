/** The policy file as it is deployed. */
import { parse } from "yaml";

/** Converts YAML to equivalent JSON, which a function reads without a YAML parser. */
export function packedPolicy(text: string): string {
  return JSON.stringify(parse(text) ?? {});
}
