import { ask, type Guardrail, pass, refuse } from "../guardrail.ts";
import { sameDefinition } from "../rollback-plan.ts";
import { serviceOf } from "./read-service.ts";

/** A database that was migrated forward must not meet the older revision. */
export const reversible: Guardrail = {
  name: "reversible",
  judge: (context) => {
    const { plan, policy, target } = context;
    if (plan.action !== "rollback") return pass("No revision is left.");
    const { reversible: allowed, irreversible = [] } = policy.services[target.service]?.rollback ?? {};
    const why = "so it is never rolled back, and going back is for people";
    if (allowed === false) {
      return refuse(`The policy says services.${target.service}.rollback.reversible: false, ${why}.`);
    }
    const marked = irreversible.find((name) => isPassed(name, plan.from, plan.to));
    if (marked !== undefined) {
      return refuse(
        `The policy names ${marked} under services.${target.service}.rollback.irreversible, ${why}.`,
      );
    }
    const service = serviceOf(context);
    if (service.irreversible !== undefined) return refuse(`It is marked: ${service.irreversible}, ${why}.`);
    return service.reversibleUnread
      ? ask("Whether the service is marked as not reversible could not be read (tags), so a person decides.")
      : pass("Nothing marks the deployment as not reversible.");
  },
};

/** Whether going back from one revision to another leaves the marked one, or passes it. */
function isPassed(marked: string, from: string, to: string): boolean {
  if (sameDefinition(marked, from)) return true;
  const [[family, number], [left, newest], [reached, oldest]] = [marked, from, to].map(split) as [
    Revision,
    Revision,
    Revision,
  ];
  return family === left && family === reached && oldest < number && number <= newest;
}

type Revision = readonly [family: string, number: number];

function split(name: string): Revision {
  const short = name.slice(name.lastIndexOf("/") + 1);
  const colon = short.lastIndexOf(":");
  return [short.slice(0, colon), Number(short.slice(colon + 1))];
}
