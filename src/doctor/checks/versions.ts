import { type Check, failed, ok, warning } from "../check.ts";

/** The oldest supported Node.js, as `engines` in package.json says. */
const OLDEST_NODE = 24;

export const versions: Check = {
  id: "versions",
  area: "installation",
  does: "Node.js is new enough, and which OpsAgent this is; with `--newest URL` also whether there is a newer one.",
  remedy: "Install Node.js 24 or newer; the checkout's `./opsagent` fetches it by itself.",
  async run({ given: { nodeVersion, version, newestVersion } }) {
    const seen = `OpsAgent ${version} on Node.js ${nodeVersion}`;
    const major = Number(/^v?(\d+)/.exec(nodeVersion)?.[1]);
    if (major < OLDEST_NODE) return failed(`${seen}, which is too old`, versions.remedy);
    if (newestVersion === undefined) return ok(seen);
    const newest = await newestVersion().catch((error: unknown) => error);
    if (typeof newest !== "string") {
      const why = newest instanceof Error ? newest.message : "no answer";
      return warning(
        `${seen}; whether that is the newest cannot be told: ${why}`,
        "Check the address of --newest.",
      );
    }
    return isOlder(version, newest)
      ? warning(`${seen}; ${newest} is out`, "Read its changes, then install it.")
      : ok(`${seen}, the newest`);
  },
};

/** Compares `MAJOR.MINOR.PATCH`. */
function isOlder(version: string, newest: string): boolean {
  const [mine, other] = [version, newest].map((one) => one.split(".").map(Number)) as [number[], number[]];
  const at = other.findIndex((part, index) => part !== mine[index]);
  return at >= 0 && (other[at] ?? 0) > (mine[at] ?? 0);
}
