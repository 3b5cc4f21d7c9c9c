import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { serviceOf } from "./read-service.ts";

export const serviceActive: Guardrail = {
  name: "service-active",
  judge: (context) => {
    const { status } = serviceOf(context);
    return status === "ACTIVE" ? pass("The service is ACTIVE.") : refuse(`The service is ${status}.`);
  },
};
