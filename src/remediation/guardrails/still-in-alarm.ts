import { factsOf } from "../../domain/evidence.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

export const stillInAlarm: Guardrail = {
  name: "still-in-alarm",
  judge: ({ evidence }) => {
    const own = factsOf(evidence, "alarm").filter(({ data }) => data.other !== true);
    return own.some(({ data }) => data.state === "OK")
      ? refuse("The alarm is OK again; nothing is left to remediate.")
      : pass(own.length === 0 ? "No alarm of its own is known." : "The alarm is not OK.");
  },
};
