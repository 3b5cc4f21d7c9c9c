import { type Guardrail, pass, refuse } from "../guardrail.ts";

export const protectedService: Guardrail = {
  name: "protected-service",
  judge: ({ policy, target }) =>
    policy.services[target.service]?.protected
      ? refuse(`${target.service} is protected: people act on it, the agent does not.`)
      : pass("The service is not protected."),
};
