/** Names in the policy that only help where a service is called so. Pure. */
import type { Policy } from "./policy.ts";

/**
 * Returns the names that the policy protects or freezes, without those that `absentServices` lets be missing, sorted.
 * Each has to be a service of the cluster: one that is none protects nothing.
 */
export function restrainedNames({ services, freezes, absentServices }: Policy): readonly string[] {
  const guarded = Object.keys(services).filter((name) => services[name]?.protected === true);
  const frozen = freezes.flatMap((freeze) => freeze.services ?? []);
  return [...new Set([...guarded, ...frozen])].filter((name) => !absentServices.includes(name)).sort();
}

/** What to do about such a name, for whoever wrote the policy. */
export const ABSENT_REMEDY =
  "Correct the name, take it out, or list it under `absentServices` if the service is not there yet or of another cluster.";
