import { type Guardrail, pass, refuse } from "../guardrail.ts";

export const policyOfNow: Guardrail = {
  name: "policy-of-now",
  judge: ({ policyProblem }) =>
    policyProblem === undefined ? pass("The policy of now could be read.") : refuse(policyProblem),
};
