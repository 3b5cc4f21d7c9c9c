import { pausesOf, pauseText } from "../../domain/brake.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

export const brake: Guardrail = {
  name: "brake",
  judge: ({ pauses, target, now }) => {
    const [pause] = pausesOf(pauses, target, now);
    return pause === undefined ? pass("Nothing is paused here.") : refuse(pauseText(pause, now));
  },
};
