/**
 * What each sentence of a decision claims, read from the case without the code that says it. A decision may say
 * nothing that is not here, and nothing whose claim does not hold.
 */
import { CAUSES } from "../../../src/domain/cause.ts";
import { type Fact, factsOf } from "../../../src/domain/evidence.ts";
import type { DecideInput } from "../../../src/remediation/decide.ts";

export interface Claim {
  /** The rule that may say it. */
  readonly rule: string;
  readonly outcome: "pass" | "lower" | "ask" | "refuse";
  /** The whole sentence; its groups are what it speaks of. */
  readonly says: RegExp;
  readonly holds: (input: DecideInput, spoken: Readonly<Record<string, string>>) => boolean;
}

export const ACTION = "restart|scale|rollback";
export const CAUSE = Object.keys(CAUSES).join("|");

export const isOfInput = ({ diagnosis }: DecideInput, { action, cause }: Readonly<Record<string, string>>) =>
  (action === undefined || action === diagnosis.action) && (cause === undefined || cause === diagnosis.cause);

export const factOf = (input: DecideInput, id: string | undefined) =>
  input.evidence.facts.find((fact) => fact.id === id);

export const serviceOf = ({ evidence }: DecideInput) => factsOf(evidence, "service")[0]?.data;
export const deploymentsOf = ({ evidence }: DecideInput) =>
  factsOf(evidence, "deployment").map(({ data }) => data);
export const minutesAgo = (input: DecideInput, at: string) =>
  (Date.parse(input.now) - Date.parse(at)) / 60_000;
export const isOfService = (
  { target }: DecideInput,
  one: { readonly service: string; readonly cluster: string },
) => one.service === target.service && one.cluster === target.cluster;
export const mineOf = (input: DecideInput) => (input.history ?? []).filter((one) => isOfService(input, one));
export const ownOf = ({ history = [], incidentId }: DecideInput) =>
  history.filter((one) => incidentId !== undefined && one.incidentId === incidentId);
export const isUnread = ({ evidence }: DecideInput, ...sources: readonly string[]) =>
  evidence.gaps.some(({ source }) => sources.includes(source));
export const wantedMode = ({ policy, target, diagnosis: { action } }: DecideInput) =>
  action === "none" ? "observe" : (policy.services[target.service]?.modes?.[action] ?? policy.modes[action]);
export const frozenUntil = ({ policy, target, now }: DecideInput) =>
  policy.freezes.filter(
    ({ from, to, services }) =>
      Date.parse(from) <= Date.parse(now) &&
      Date.parse(now) < Date.parse(to) &&
      (services === undefined || services.includes(target.service)),
  );
export const ownAlarms = ({ evidence }: DecideInput) =>
  factsOf(evidence, "alarm").filter(({ data }) => data.other !== true);
export const hasSettledScaling = (input: DecideInput) =>
  factsOf(input.evidence, "scaling-activity").every(
    ({ at, data }) => data.status === "Failed" || (at !== undefined && minutesAgo(input, at) > 5),
  );
/** Written by AWS itself, about this service. */
export const isVouchedFor = (fact: Fact | undefined) =>
  fact !== undefined &&
  (fact.provenance === "control-plane" || fact.provenance === "metric") &&
  !(fact.kind === "metric" && fact.data.explainsOnly !== undefined);
export const steadyBefore = ({ evidence }: DecideInput, name: string | undefined) =>
  [
    ...factsOf(evidence, "task-definition-diff").flatMap(({ data }) =>
      data.base === "last-steady" ? [data.from] : [],
    ),
    ...factsOf(evidence, "deployment").flatMap(({ data }) =>
      data.status === "ACTIVE" && data.rolloutState === "COMPLETED" && !data.inProgress
        ? [data.taskDefinition]
        : [],
    ),
    ...factsOf(evidence, "finished-deployment").flatMap(({ data }) =>
      data.status === "SUCCESSFUL" ? [data.taskDefinition] : [],
    ),
  ].some((one) => one.split("/").at(-1) === name?.split("/").at(-1));

export const claim = (
  rule: string,
  outcome: Claim["outcome"],
  says: string | RegExp,
  holds: Claim["holds"] = () => true,
): Claim => ({
  rule,
  outcome,
  says: typeof says === "string" ? new RegExp(`^${says}$`) : says,
  holds: (input, spoken) => isOfInput(input, spoken) && holds(input, spoken),
});
