/**
 * The whole story of one incident, in order. Everything outside the steps of `run` is deterministic, so that the same
 * function runs as a Lambda durable function and embedded, and survives a kill.
 */
import type { DurableContext } from "@aws/durable-execution-sdk-js";
import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure, Incident } from "../domain/incident.ts";
import { lookAfterAllClear } from "./all-clear.ts";
import { conclude, tellEnd } from "./conclude.ts";
import { type PipelineDependencies, withHarmlessProgress } from "./dependencies.ts";
import { type ExamineInput, examineAgain, judge, look } from "./examine.ts";
import { createFollowing, type Following } from "./follow.ts";
import { giveBack } from "./give-back.ts";
import { createStory, openIncident, type Story } from "./incident-record.ts";
import { logAbout } from "./log-about.ts";
import { mend } from "./mend.ts";
import { admit, belonging, holdPlace } from "./place.ts";
import { within } from "./read-time.ts";
import { save } from "./report/index.ts";
import { createRun, type Run } from "./run.ts";
import { beginSettling, settle } from "./settle.ts";
import { StageFailure } from "./stage-failure.ts";
import { secondsOfInvestigation } from "./time-needed.ts";

export interface IncidentInput {
  readonly alert: Alert;
  /** ISO 8601; when a plain invocation must have ended. Durable executions have none. */
  readonly deadline?: string;
  /** Whoever runs it stays after people were told: other alarms of the service may belong to it for a while. */
  readonly settles?: boolean;
}

/** The workflow: takes an alert, returns the closed incident. It ends in a report whatever happens. */
export function createRunIncident(given: PipelineDependencies) {
  const shared = withHarmlessProgress(given);
  return async (input: IncidentInput, context: DurableContext): Promise<Incident> => {
    const opened = openIncident(input.alert, shared.diagnoser);
    const deps = { ...shared, logger: logAbout(shared.logger, { incident: opened.id }) };
    const run = createRun(context, {
      receivedAt: input.alert.receivedAt,
      incidentId: opened.id,
      now: deps.now,
      audit: deps.store,
      onUnaudited: (problem) => deps.logger.error("audit-failed", { ...problem }),
    });
    const story = createStory(opened);
    const following = createFollowing(() => story.incident, run, deps);
    try {
      const entry = await enter(input, story, run, deps);
      if (entry.belongsTo !== undefined) return entry.belongsTo;
      await investigate(input, { story, following }, run, deps, entry.unrecorded);
    } catch (fault) {
      story.fail(fault);
    }
    const settling = await beginSettling(input, story, run, deps);
    if (!settling) await conclude(input, story, run, deps);
    const told = await tellEnd("report", { story, following }, run, deps);
    if (input.alert.state === "OK" && input.deadline === undefined) {
      await lookAfterAllClear(input.alert, run, deps);
    }
    const settled = settling ? await settle(input, story, told, run, deps) : told;
    return giveBack(settled, run, deps);
  };
}

interface Entry {
  /** The incident that the alert belongs to; then there is nothing more to do here. */
  readonly belongsTo?: Incident;
  /** Why the record could not be kept: what cannot be recorded must not be acted on. */
  readonly unrecorded?: Failure;
}

/** Lets the alert in. A re-fire of a mended alarm waits for its decay and opens an incident only if it stays. */
async function enter(
  { alert, deadline }: IncidentInput,
  story: Story,
  run: Run,
  deps: PipelineDependencies,
): Promise<Entry> {
  const { id } = story.incident;
  const entered = await run.step(
    "open",
    async () => {
      if (alert.state !== "ALARM") return { failed: await save(story.incident, deps) };
      try {
        const admitted = await admit(alert, deadline, deps);
        if (admitted.kind === "joined" || admitted.kind === "elsewhere") {
          return { belongsTo: await belonging(story.incident, admitted.incidentId, deps) };
        }
        deps.progress?.({ stage: "open", detail: `incident ${id} for ${alert.title}` });
        deps.telemetry?.opened(story.incident);
        return { admitted, failed: await save(story.incident, deps) };
      } catch (thrown) {
        const { code, message, remedy } = asOpsAgentError(thrown);
        return { failed: { stage: "store", code, message, remedy } };
      }
    },
    {
      event: "incident-opened",
      detail: ({ belongsTo }) => (belongsTo ? `joined ${belongsTo.id}` : alert.title),
    },
  );
  const { belongsTo, admitted, failed } = entered.value;
  if (belongsTo !== undefined) return { belongsTo };
  if (admitted?.kind === "refired") {
    story.add({ refireOf: admitted.incidentId });
    if (deadline === undefined)
      await waitForDecay(alert, decayEnd(alert, admitted.until, deps), story, run, deps);
  }
  return failed === undefined ? {} : { unrecorded: failed };
}

/** A clock that was ahead when the window was opened must not stretch it. */
function decayEnd(alert: Alert, until: string, { policy }: PipelineDependencies): number {
  return Math.min(Date.parse(until), Date.parse(alert.receivedAt) + policy.timing.decayMinutes * 60_000);
}

/** The alarm of a mended service lags behind: it is only believed if it stays beyond the decay window. */
async function waitForDecay(
  alert: Alert,
  until: number,
  story: Story,
  run: Run,
  deps: PipelineDependencies,
): Promise<void> {
  const seconds = (until - Date.parse(alert.receivedAt)) / 1000;
  const held = { seconds: Math.max(0, seconds) + secondsOfInvestigation(deps.policy) };
  await holdPlace("decay-hold", story.incident.id, held, run, deps);
  if (seconds > 0) await run.wait("decay", seconds);
  const name = alert.alarm?.name;
  const state = await run.step("decay-look", async () => {
    if (name === undefined) return null;
    const alarm = await deps.readers.alarms.alarm(name, within(deps)).catch(() => undefined);
    return alarm?.state ?? null;
  });
  run.note(
    state.endedAt,
    "decay-over",
    `The alarm is ${state.value ?? "unreadable"} after the decay window.`,
  );
  if (state.value === "OK") story.add({ passed: true });
}

/** Each stage adds to the story, so that a fault in a later one loses nothing of the earlier ones. */
async function investigate(
  input: IncidentInput,
  { story, following }: { readonly story: Story; readonly following: Following },
  run: Run,
  deps: PipelineDependencies,
  unrecorded: Failure | undefined,
): Promise<void> {
  const { alert } = input;
  const { target } = alert;
  if (alert.state !== "ALARM" || target === undefined || story.incident.passed) return;
  const deadline = input.deadline === undefined ? undefined : Date.parse(input.deadline);
  const about: ExamineInput = { alert, target, deadline };

  following.tell("opened", "incident-opened");
  const evidence = await look("observe", about, run, deps);
  story.add({ evidence });
  const examined = await judge(evidence, about, story.add, run, deps);
  // The investigation still helps whoever takes over, but nothing is done without a record of it.
  if (unrecorded !== undefined) throw new StageFailure(unrecorded);

  const incident = () => story.incident;
  const tell = story.add;
  const follow = following.tell;
  const first = await mend(
    { ...about, examined, suffix: "", incident, tell, tellDecision: tell, follow },
    run,
    deps,
  );
  if (first?.outcome !== "unchanged" && first?.outcome !== "worse") return;
  if (deadline !== undefined || incident().actions.some((action) => action.outcome === "unknown")) return;

  const again = await examineAgain(about, run, deps);
  const further = { evidence: again.evidence, diagnosis: again.diagnosis };
  tell({ further });
  const tellDecision = (found: Pick<Incident, "decision" | "approval">) =>
    tell({ further: { ...further, ...found } });
  await mend({ ...about, examined: again, suffix: "-2", incident, tell, tellDecision, follow }, run, deps);
}
