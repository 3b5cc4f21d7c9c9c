import { freezeAt } from "../../domain/freeze.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

export const freezeWindow: Guardrail = {
  name: "freeze-window",
  judge: ({ policy, target, now }) => {
    const time = Date.parse(now);
    if (Number.isNaN(time)) throw new Error(`the present time "${now}" is not readable`);
    const freeze = freezeAt(policy.freezes, target.service, time);
    if (freeze === undefined) return pass("No freeze is in force.");
    const often = freeze.weekly === undefined ? "" : `, ${freeze.weekly}`;
    return refuse(
      `A freeze is in force until ${freeze.to}${often}${freeze.reason ? `: ${freeze.reason}` : ""}.`,
    );
  },
};
