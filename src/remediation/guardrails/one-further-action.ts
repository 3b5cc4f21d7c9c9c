import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { isOwn } from "./past-actions.ts";

const MOST_ACTIONS = 2;

export const oneFurtherAction: Guardrail = {
  name: "one-further-action",
  judge: (context) => {
    const own = context.history.filter((past) => isOwn(context, past));
    const [first] = own;
    if (first === undefined) return pass("This incident has not acted yet.");
    if (own.length >= MOST_ACTIONS) {
      return refuse(`This incident has acted ${own.length} times; what is left is for people.`);
    }
    return first.action === context.plan.action
      ? refuse(`This incident has tried ${first.action} already; only another action may follow.`)
      : pass(`${context.plan.action} is another action than the ${first.action} before.`);
  },
};
