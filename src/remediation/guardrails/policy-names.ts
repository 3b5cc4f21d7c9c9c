import { ABSENT_REMEDY, restrainedNames } from "../../domain/policy-names.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

/**
 * Refuses everywhere while the policy protects or freezes a name that no service of the cluster has: whom it means is
 * not known, and it may be this one.
 */
export const policyNames: Guardrail = {
  name: "policy-names",
  judge: ({ policy, absentNames, target: { cluster } }) => {
    const names = restrainedNames(policy);
    if (names.length === 0) return pass("The policy protects and freezes no service by its name.");
    if (absentNames === undefined)
      return pass("The names in the policy are not compared with the cluster here.");
    if (absentNames === "unreadable") throw new Error("the services of the cluster could not be read");
    const missing = names.filter((name) => absentNames.includes(name));
    if (missing.length === 0) return pass("Every service that the policy protects or freezes exists.");
    const [named, none] = [missing.join(", "), missing.length === 1 ? "which no service" : "and no services"];
    return refuse(
      `The policy protects or freezes ${named}, ${none} of the cluster ${cluster} ${missing.length === 1 ? "is" : "are"} called. ${ABSENT_REMEDY}`,
    );
  },
};
