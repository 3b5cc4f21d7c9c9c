/** A container that ends by itself: which, how, since when, and what its exit code asks for. */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { exitText, isOwnFault } from "../../domain/exit-code.ts";
import { clock, span } from "../../evidence/times.ts";
import type { EvidenceView } from "../view/evidence-view.ts";
import type { Say } from "./said.ts";

type Stops = FactOf<"stopped-tasks">["data"];

/** Returns the container that ended, where ECS tells; its exit code where it has one. */
export function endedContainer({ containers, endedBy }: Stops): Stops["containers"][number] | undefined {
  const known = containers.find(({ name }) => name === endedBy);
  const ended = containers.filter(({ exitCode, declared }) => exitCode !== undefined && declared !== false);
  return (
    known ??
    ended.find(({ exitCode, essential }) => exitCode !== 0 && essential !== false) ??
    (ended.length === 1 ? ended[0] : undefined)
  );
}

/** The group of stops that are most, since they are the loop. */
function loopOf(view: EvidenceView): Stops | undefined {
  return view
    .stops("crashed", "exited-successfully")
    .toSorted((one, other) => other.data.count - one.data.count)[0]?.data;
}

export const crashLoop: Say = (view) => {
  const loop = loopOf(view);
  if (loop === undefined) return undefined;
  const ended = endedContainer(loop);
  const who =
    ended === undefined
      ? `Tasks of ${loop.taskDefinition}`
      : `Container ${ended.name} of ${loop.taskDefinition}`;
  const since = loop.firstAt === undefined ? "" : ` since ${clock(loop.firstAt)}`;
  const how = ended?.exitCode === undefined ? "" : `, with ${exitText(ended.exitCode)}`;
  const lived =
    loop.medianLifeSeconds === undefined ? "" : `, ${span(loop.medianLifeSeconds)} after its start`;
  const often = loop.count === 1 ? "once" : `${loop.count} times`;
  const release = view.blamedDeployment?.data.taskDefinition;
  const deployed = release === undefined ? wasQuiet(view) : `; ${release} was deployed shortly before`;
  const heard = lastLineOf(view, ended?.name);
  return {
    rootCause: `${who} ended by itself ${often}${since}${how}${lived}${deployed}.`,
    severity: view.service?.data.running === 0 ? "P1" : "P2",
    missing: heard === undefined ? ["The last lines of the container: none of its stream were read."] : [],
    nextSteps: stepsFor(ended, heard),
  };
};

/** Said only where ECS told of the deployments. */
function wasQuiet({ deployments }: EvidenceView): string {
  return deployments.length === 0 ? "" : "; no deployment began shortly before";
}

/** The last line of the newest task that ended, where its stream was read: in the application's own words. */
function lastLineOf({ evidence }: EvidenceView, container: string | undefined): string | undefined {
  const heard = factsOf(evidence, "last-words");
  const own = heard.find(({ data }) => data.container === container) ?? heard[0];
  return own?.data.lines.at(-1);
}

/** The longest part of a line in a step. Characters. */
const LONGEST = 200;

function stepsFor(ended: Stops["containers"][number] | undefined, heard: string | undefined): string[] {
  const name = ended?.name ?? "of the task";
  const read =
    heard === undefined
      ? `Read the last lines of container ${name}, which it wrote before it ended.`
      : `Read the last lines of container ${name}; by its log the very last one is “${heard.slice(0, LONGEST)}”.`;
  const code = ended?.exitCode;
  if (code === 0) {
    return [
      `Find out why container ${name} finishes: a service restarts what ends, so a job that ends belongs to a schedule (EventBridge Scheduler, RunTask).`,
      read,
    ];
  }
  if (code === 126 || code === 127) {
    return [`Compare the command and entry point of container ${name} with what its image holds.`, read];
  }
  if (code === 137) {
    return [
      `Find out who killed container ${name}: ECS names no memory limit, so look at the host's memory and at what sends SIGKILL.`,
      read,
    ];
  }
  if (code !== undefined && isOwnFault(code)) {
    return [
      `Look for a fault of native code in container ${name}: take a core dump or its stack trace.`,
      read,
    ];
  }
  return [
    read,
    "Look for what changed outside of the deployment: data, a called service, a certificate, a flag.",
  ];
}
