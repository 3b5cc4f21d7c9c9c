import { hasFailed } from "../../domain/action-record.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { minutesSince, onThisService } from "./past-actions.ts";

export const noRepeatOfFailure: Guardrail = {
  name: "no-repeat-of-unverified-action",
  judge: (context) => {
    const failed = onThisService(context).find(
      (past) =>
        past.action === context.plan.action && hasFailed(past) && minutesSince(context, past.at) < 24 * 60,
    );
    return failed === undefined
      ? pass("No such action failed to verify in the last 24 hours.")
      : refuse(`${failed.action} did not help in incident ${failed.incidentId} at ${failed.at}.`);
  },
};
