/**
 * The cookie by which a load balancer keeps a client at its target.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#duration-based-stickiness
 */
import { hexId } from "../world.ts";
import { type Target, targetKey } from "./model.ts";

const cookieName = "AWSALB";

/** Knows which value of the cookie stands for which target. */
export interface StickyCookie {
  /** The one of these targets that the client was given, if it is among them. */
  targetOf(cookies: string | undefined, targets: readonly Target[]): Target | undefined;
  /** The `Set-Cookie` header for a client of this target. */
  headerFor(target: Target, seconds: number): string;
}

/** Creates the cookie of one load balancer. Its values say nothing of the target, as AWS's encrypted ones. */
export function createStickyCookie(): StickyCookie {
  const values = new Map<string, string>();
  const valueFor = (target: Target): string => {
    const key = targetKey(target.address);
    const value = values.get(key) ?? hexId(32);
    values.set(key, value);
    return value;
  };
  return {
    targetOf(cookies, targets) {
      const value = new RegExp(`(?:^|;\\s*)${cookieName}=([0-9a-f]+)`).exec(cookies ?? "")?.[1];
      return value === undefined ? undefined : targets.find((target) => valueFor(target) === value);
    },
    headerFor(target, seconds) {
      const expires = new Date(Date.now() + seconds * 1000).toUTCString();
      return `${cookieName}=${valueFor(target)}; Expires=${expires}; Path=/`;
    },
  };
}
