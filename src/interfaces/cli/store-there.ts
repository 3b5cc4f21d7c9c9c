import { OpsAgentError } from "../../domain/errors.ts";
import { storeExists } from "./open-store.ts";

/** Throws `config-invalid` where opening the store would create it, which a command that only reads must not do. */
export function mustHaveStore(): void {
  if (storeExists()) return;
  throw new OpsAgentError({
    code: "config-invalid",
    message: "There is no store yet, so there is no incident in it.",
    remedy: "OPSAGENT_STORE names the store; `opsagent drill` makes incidents to try this with.",
  });
}
