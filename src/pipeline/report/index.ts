/** The last stage: the record is kept, people are told. What fails here is said, and the incident still ends. */
import { asOpsAgentError } from "../../domain/errors.ts";
import type { Failure, Incident } from "../../domain/incident.ts";
import { redactRecord } from "../../domain/redaction/index.ts";
import type { IntakeDependencies, PipelineDependencies } from "../dependencies.ts";
import { followWith } from "../follow.ts";
import { wakePeople } from "../page.ts";
import type { IncidentMoment, StageTime } from "../ports.ts";
import type { Run } from "../run.ts";

/**
 * Ends the incident, durably: closing time, notifications, the kept record. Returns the record as it was told. With
 * `report-again` people learn that it came to something else than they were told.
 */
export async function report(
  name: "report" | "report-again",
  incident: Incident,
  followed: { readonly told: boolean },
  run: Run,
  deps: PipelineDependencies,
): Promise<Incident> {
  const again = name === "report-again";
  const told = await run.step(
    name,
    async () => {
      const ended = await tell(incident, deps, { ...followed, again, stages: run.stages });
      deps.reported?.(ended);
      return ended;
    },
    {
      event: again ? "incident-reported-again" : "incident-reported",
      detail: ({ status, summary }) => `${status}: ${summary}`,
    },
  );
  return told.value;
}

/**
 * Closes the record, keeps it and tells people. Never throws: what fails is added to the record and logged. Who followed
 * the incident is told of its end also where it is not worth a message.
 */
export async function tell(
  incident: Incident,
  deps: IntakeDependencies,
  {
    told: followed = false,
    again = false,
    stages = [],
  }: {
    readonly told?: boolean;
    /** People were told of another end before; it is counted as that. */
    readonly again?: boolean;
    readonly stages?: readonly StageTime[];
  } = {},
): Promise<Incident> {
  const closed = redactRecord<Incident>({ ...incident, closedAt: deps.now().toISOString() });
  const worth = isWorthTelling(closed);
  const failures = await Promise.all([
    save(closed, deps),
    ...(worth ? deps.notifiers : []).map((notifier) => attempt("report", () => notifier.notify(closed))),
    worth || followed ? followWith(closedMoment(closed, again), deps) : [],
    wakePeople(closed, deps, again),
  ]);
  const failed = failures.flatMap((failure) => failure ?? []);
  for (const failure of failed) deps.logger.error("report-failed", { incident: closed.id, ...failure });
  const told: Incident = { ...closed, failures: [...closed.failures, ...failed] };
  if (failed.length > 0) await save(told, deps);
  if (isWorthTelling(told)) deps.progress?.({ stage: "report", detail: `${told.status}: ${told.summary}` });
  if (!again) await deps.telemetry?.closed(told, stages);
  return told;
}

/** Keeps a record that changed after its end, and tells its followers. Never throws: what fails is logged. */
export async function updateAfterEnd(
  moment: Omit<IncidentMoment, "kind">,
  deps: Pick<PipelineDependencies, "store" | "followers" | "logger">,
): Promise<void> {
  const { incident } = moment;
  const failed = await save(incident, deps);
  if (failed !== undefined) deps.logger.error("report-failed", { incident: incident.id, ...failed });
  await followWith({ ...moment, kind: "incident-updated" }, deps);
}

function closedMoment(incident: Incident, again: boolean): IncidentMoment {
  const needsPerson = incident.status === "escalated" || incident.status === "failed";
  const at = incident.closedAt ?? incident.openedAt;
  return { name: again ? "closed-again" : "closed", kind: "incident-closed", at, incident, needsPerson };
}

/** A change to OK or INSUFFICIENT_DATA is noted without a message, and so is noise that people know of. */
function isWorthTelling({ status, decision, rememberedFrom }: Incident): boolean {
  return status !== "observed" || (decision !== undefined && rememberedFrom === undefined);
}

/** Keeps the incident as it stands. Returns why that failed. */
export function save(
  incident: Incident,
  deps: Pick<PipelineDependencies, "store">,
): Promise<Failure | undefined> {
  return attempt("store", () => deps.store.save(incident));
}

async function attempt(stage: string, work: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    const { code, message, remedy } = asOpsAgentError(thrown);
    return { stage, code, message, remedy };
  }
}
