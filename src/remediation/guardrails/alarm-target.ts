import { factsOf, type TriggerField } from "../../domain/evidence.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

/** Where AWS says otherwise in one of these, the message is about something else than the incident. */
const WHOSE: ReadonlySet<TriggerField> = new Set(["service", "cluster", "region", "account"]);

export const alarmTarget: Guardrail = {
  name: "alarm-target",
  judge: ({ evidence }) => {
    const other = factsOf(evidence, "trigger-difference").find(({ data }) => WHOSE.has(data.field));
    return other === undefined
      ? pass("AWS says nothing else about what the alarm is about.")
      : refuse(
          `The alarm is about ${other.data.field} ${other.data.aws} in AWS, and the message is about ${other.data.message}.`,
        );
  },
};
