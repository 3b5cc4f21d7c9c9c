/** The policy file as it is deployed. */
import { parse } from "yaml";

/** YAML -> JSON of the same meaning, which a function reads at its start without YAML's parser. */
export function packedPolicy(text: string): string {
  return JSON.stringify(parse(text) ?? {});
}
