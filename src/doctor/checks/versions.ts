import { type Check, failed, ok } from "../check.ts";

/** The oldest supported Node.js, as `engines` in package.json says. */
const OLDEST_NODE = 24;

export const versions: Check = {
  id: "versions",
  area: "installation",
  does: "Node.js is new enough, and which OpsAgent this is.",
  remedy: "Install Node.js 24 or newer; the checkout's `./opsagent` fetches it by itself.",
  async run({ given: { nodeVersion, version } }) {
    const seen = `OpsAgent ${version} on Node.js ${nodeVersion}`;
    const major = Number(/^v?(\d+)/.exec(nodeVersion)?.[1]);
    return major >= OLDEST_NODE ? ok(seen) : failed(`${seen}, which is too old`, versions.remedy);
  },
};
