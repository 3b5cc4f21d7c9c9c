import { randomBytes } from "node:crypto";

/** Where and when the sandbox pretends to be. `now` answers epoch milliseconds. */
export interface World {
  readonly region: string;
  readonly accountId: string;
  now(): number;
}

/** The sandbox's own account and region, on the system clock. */
export const localWorld: World = { region: "us-east-1", accountId: "000000000000", now: () => Date.now() };

/** An ARN of this world's account and region. `resource` is everything after the account. */
export function arnOf(world: World, service: string, resource: string): string {
  return `arn:aws:${service}:${world.region}:${world.accountId}:${resource}`;
}

/** Random lowercase hex, `length` characters, as AWS uses in task and load balancer ids. */
export function hexId(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString("hex")
    .slice(0, length);
}

/** A random decimal id of 19 digits, as ECS gives deployments and service revisions. */
export function decimalId(): string {
  const digits = (BigInt(`0x${randomBytes(8).toString("hex")}`) % 9_000_000_000_000_000_000n) + 10n ** 18n;
  return digits.toString().slice(0, 19);
}
