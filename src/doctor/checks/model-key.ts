import { type Check, failed, ok, skipped, warning } from "../check.ts";
import type { Examination } from "../examination.ts";
import { NotCheckable } from "../not-checkable.ts";
import type { ModelProbe } from "../ports.ts";

/** Dollars; below this an incident's budget may not be left. */
const LOW_USD = 1;

export const modelKey: Check = {
  id: "model-key",
  area: "model",
  does: "OPENROUTER_API_KEY is set, the server takes it, and its limit is not used up. Asking for it costs nothing.",
  remedy:
    "Set OPENROUTER_API_KEY to a key of this OPENROUTER_BASE_URL, or OPSAGENT_DIAGNOSER=rules to do without.",
  async run(examination, options) {
    const { config, ports } = examination.configured();
    if (config.diagnoser === "model" && ports.model === undefined) {
      return failed("OPENROUTER_API_KEY is not set, so no model is asked", modelKey.remedy);
    }
    const found = await modelOf(examination).key(options);
    if (found === undefined) {
      return skipped("This server has no endpoint for keys; see `model-answer`.");
    }
    if (found.leftUsd === undefined) return ok("the server takes the key; it has no limit of its own");
    const left = `$${found.leftUsd.toFixed(2)}`;
    if (found.leftUsd <= 0) return failed("the key's limit is used up", RAISE);
    return found.leftUsd < LOW_USD
      ? warning(`only ${left} are left under the key's limit`, RAISE)
      : ok(`the server takes the key; ${left} are left under its limit`);
  },
};

const RAISE = "Raise the key's limit or add credit (https://openrouter.ai/settings/keys).";

/** Returns the probe of the model. Throws `NotCheckable` where no model is configured, or none can be called. */
export function modelOf({ configured }: Examination): ModelProbe {
  const { config, ports } = configured();
  if (config.diagnoser === "rules") throw new NotCheckable("The rules diagnose; no model is asked.");
  if (ports.model === undefined) throw new NotCheckable("No key is set; see `model-key`.");
  return ports.model;
}
