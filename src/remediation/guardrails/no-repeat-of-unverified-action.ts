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
      ? pass(`No ${context.plan.action} of the last 24 hours failed to show that it helped.`)
      : refuse(`${failed.action} was not seen to help in incident ${failed.incidentId} at ${failed.at}.`);
  },
};
