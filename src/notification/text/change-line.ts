import { isFirstRevision, rankChanges } from "../../diagnosis/change-ranking.ts";
import { type ChangeSource, type Evidence, type Fact, factsOf } from "../../domain/evidence.ts";
import { formatDuration } from "./format.ts";

/** A change older than this is told of, but not as the answer. */
const ANSWER_SECONDS = 3600;

/** The answer to "what changed?", the first question of every incident, in one line. */
export function changeLine(evidence: Evidence | undefined): string {
  return `What changed: ${answer(evidence)}`;
}

function answer(evidence: Evidence | undefined): string {
  if (evidence === undefined) return "unknown, no evidence was gathered";
  const facts = new Map(evidence.facts.map((fact) => [fact.id, fact]));
  const told = rankChanges(evidence).flatMap((change) => {
    const fact = facts.get(change.factId);
    // A difference is told with the deployment that brought it.
    const alone =
      fact !== undefined && (fact.kind !== "task-definition-diff" || !hasDeployment(fact, evidence));
    return alone && change.canExplain ? [{ ...change, fact }] : [];
  });
  const [best, ...others] = told.filter(({ secondsBeforeOnset }) => secondsBeforeOnset <= ANSWER_SECONDS);
  if (best !== undefined) {
    const more = others.length === 0 ? "" : `; ${others.length} more before the onset`;
    return `${nameOf(best.fact)} ${when(best.secondsBeforeOnset)}${detailOf(best.fact, evidence)}${more}`;
  }
  const nothing = nothingIn(evidence.changeSources);
  const last = told.toSorted((one, other) => one.secondsBeforeOnset - other.secondsBeforeOnset)[0];
  return last === undefined
    ? nothing
    : `${nothing}; the last was ${nameOf(last.fact)} ${when(last.secondsBeforeOnset)}`;
}

function hasDeployment(
  { data }: Extract<Fact, { kind: "task-definition-diff" }>,
  evidence: Evidence,
): boolean {
  return factsOf(evidence, "deployment").some((deployment) => deployment.data.taskDefinition === data.to);
}

function when(seconds: number): string {
  return seconds < 0
    ? "in the same period as the onset"
    : `${formatDuration(seconds * 1000)} before the onset`;
}

function nameOf(fact: Fact): string {
  switch (fact.kind) {
    case "deployment":
    case "finished-deployment":
      return deploymentName(fact.data);
    case "task-definition-diff":
      return `task definition ${fact.data.to}`;
    case "change":
      return `${fact.data.event} by ${fact.data.who}`;
    case "scaling-activity":
      return "an autoscaling activity";
    default:
      return fact.kind;
  }
}

/** Before the first revision nothing ran that could have broken: the reader should know that. */
function deploymentName(data: {
  taskDefinition: string;
  forced?: boolean | undefined;
  replaced?: string | undefined;
}): string {
  const definition = data.taskDefinition.slice(data.taskDefinition.lastIndexOf("/") + 1);
  const first = isFirstRevision(definition) && data.replaced === undefined;
  return `${data.forced ? "forced new deployment" : first ? "the first deployment" : "deployment"} of ${definition}`;
}

function detailOf(fact: Fact, evidence: Evidence): string {
  const details: string[] = [];
  if (fact.kind === "change") {
    const given = Object.entries(fact.data.parameters).map(([name, value]) => `${name} ${value}`);
    details.push(...(given.length > 0 ? given : fact.data.resources).slice(0, 3));
  }
  if (fact.kind === "scaling-activity") details.push(fact.data.description.replace(/\.$/, ""));
  if (fact.kind === "task-definition-diff") details.push(...differences(fact.data.changes));
  if (fact.kind === "deployment" || fact.kind === "finished-deployment") {
    const diff = factsOf(evidence, "task-definition-diff").find(
      ({ data }) => data.to === fact.data.taskDefinition,
    );
    if (fact.data.imageChanged) details.push("the same tag brought another image");
    else if (!fact.data.forced && diff) details.push(...differences(diff.data.changes));
  }
  if (fact.kind === "finished-deployment" && fact.data.rolledBackTo !== undefined) {
    details.push(`rolled back to ${fact.data.rolledBackTo}`);
  }
  return details.length === 0 ? "" : ` (${details.join("; ")})`;
}

const SHOWN_DIFFERENCES = 3;

function differences(changes: readonly { what: string; before: string; after: string }[]): string[] {
  const shown = changes.slice(0, SHOWN_DIFFERENCES).map(({ what, before, after }) => {
    const [old, current] = what.endsWith("image") ? shortImages(before, after) : [before, after];
    return `${what} ${old} -> ${current}`;
  });
  return changes.length > shown.length
    ? [...shown, `${changes.length - shown.length} more differences`]
    : shown;
}

/** Of two images of one repository, what stands after the name: tag or digest. */
function shortImages(before: string, after: string): readonly [string, string] {
  const [, repository, old] = /^(.*?)[:@]([^/:@]+(?::[0-9a-f]+)?)$/.exec(before) ?? [];
  const [, other, current] = /^(.*?)[:@]([^/:@]+(?::[0-9a-f]+)?)$/.exec(after) ?? [];
  return repository !== undefined && repository === other && old && current
    ? [old, current]
    : [before, after];
}

const SOURCE_NAMES: Readonly<Record<ChangeSource, string>> = {
  ecs: "ECS",
  "deployment-history": "the deployment history",
  autoscaling: "autoscaling",
  cloudtrail: "CloudTrail",
};

/** Nothing is only claimed of the sources that were read. */
function nothingIn(sources: Evidence["changeSources"]): string {
  if (sources === undefined) return "nothing that was read shows a change in the hour before the onset";
  const names = sources
    .filter((source) => source !== "deployment-history")
    .map((source) => SOURCE_NAMES[source]);
  if (!sources.includes("ecs")) return "unknown, the service's deployments could not be read";
  const last = names.at(-1) ?? "";
  const list = names.length > 1 ? `${names.slice(0, -1).join(", ")} or ${last}` : last;
  return `nothing that ${list} ${names.length > 1 ? "show" : "shows"} in the hour before the onset`;
}
