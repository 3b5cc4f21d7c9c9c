import { BLAST_WINDOW_MINUTES } from "../../domain/reservation.ts";
import { type Guardrail, limitOf, pass, refuse } from "../guardrail.ts";
import { minutesSince } from "./past-actions.ts";

export const blastRadius: Guardrail = {
  name: "blast-radius",
  judge: (context) => {
    const limit = limitOf(context, "blastRadiusServices");
    const others = new Set(
      context.history
        .filter((past) => minutesSince(context, past.at) < BLAST_WINDOW_MINUTES)
        .map((past) => `${past.cluster}/${past.service}`),
    );
    others.delete(`${context.target.cluster}/${context.target.service}`);
    return others.size < limit
      ? pass(`${others.size} other services acted on in the last ${BLAST_WINDOW_MINUTES} minutes.`)
      : refuse(
          `${others.size} services were acted on in ${BLAST_WINDOW_MINUTES} minutes: a mass failure is for people.`,
        );
  },
};
