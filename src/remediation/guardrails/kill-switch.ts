import { type Guardrail, pass, refuse } from "../guardrail.ts";

export const killSwitch: Guardrail = {
  name: "kill-switch",
  judge: ({ policy }) =>
    policy.killSwitch ? refuse("The kill switch is on.") : pass("The kill switch is off."),
};
