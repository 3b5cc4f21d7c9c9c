/** Decision -> ActionResult. The only stage that changes anything: claim, call once, reconcile, never repeat. */
import type { Decision, Plan } from "../domain/decision.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import type { ActionResult, ActionStep } from "../domain/incident.ts";
import type { Target } from "../domain/target.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { shortId } from "./observe/task-facts.ts";
import type { Actuation } from "./ports.ts";
import { within } from "./read-time.ts";
import { reconcileScale, reconcileStop } from "./reconcile.ts";
import { waitForReplacement } from "./replacement.ts";
import { type Run, StageFailure, type Timed } from "./run.ts";

type ActDecision = Extract<Decision, { kind: "act" }>;

export interface ActInput {
  readonly incidentId: string;
  readonly decision: ActDecision;
  readonly evidence: Evidence;
  /** Epoch milliseconds by which the whole incident must end, if there is such a limit. */
  readonly deadline: number | undefined;
}

/** Carries out a decided plan. Returns what really happened, also when AWS refused or did not answer. */
export async function act(input: ActInput, run: Run, deps: PipelineDependencies): Promise<ActionResult> {
  const { plan, target } = input.decision;
  switch (plan.action) {
    case "restart":
      return restart(input, plan, target, run, deps);
    case "scale":
      return scale(input, plan, target, run, deps);
    case "rollback":
      throw new StageFailure({
        stage: "act",
        code: "internal",
        message: "A rollback was decided, but this version cannot carry one out.",
        remedy: "Roll back by hand and report this as a bug.",
      });
  }
}

async function restart(
  input: ActInput,
  plan: Extract<Plan, { action: "restart" }>,
  target: Target,
  run: Run,
  deps: PipelineDependencies,
): Promise<ActionResult> {
  const steps: ActionStep[] = [];
  for (const [index, task] of plan.tasks.entries()) {
    const made = await restartTask(index, task, input, target, run, deps).catch((fault: unknown) => {
      // What was done to earlier tasks must be told, so only the first one's fault ends the stage.
      const last = steps.at(-1);
      if (!(fault instanceof StageFailure) || last === undefined) throw fault;
      return [notMade(`stop task ${shortId(task.taskId)}`, fault, last.endedAt)];
    });
    steps.push(...made);
    if (made.some((step) => step.outcome === "refused" || step.outcome === "unknown")) break;
  }
  const service = factsOf(input.evidence, "service")[0];
  const stopped = steps.filter((step) => step.what.startsWith("stop task") && step.outcome === "done").length;
  return {
    action: "restart",
    target,
    outcome: outcomeOf(steps),
    before: {
      running: service?.data.running ?? 0,
      tasks: plan.tasks.map((task) => shortId(task.taskId)).join(", "),
    },
    after: { stopped },
    steps,
    undo: "A stopped task cannot be brought back; ECS starts its replacement from the same task definition.",
  };
}

/** The steps made for one task: look, stop, wait for its replacement. */
async function restartTask(
  index: number,
  task: { readonly taskArn: string; readonly taskId: string; readonly why: string },
  input: ActInput,
  target: Target,
  run: Run,
  deps: PipelineDependencies,
): Promise<ActionStep[]> {
  const what = `stop task ${shortId(task.taskId)} (${task.why})`;
  const standing = await run.step(`restart-look-${index}`, async () => {
    const now = await deps.readers.ecs.task(target, task.taskArn, within(deps));
    return now?.lastStatus === "RUNNING" && now.desiredStatus === "RUNNING";
  });
  if (!standing.value) {
    return [toStep(what, standing, "skipped", "The task is no longer running; nothing was done to it.")];
  }
  const reason = `OpsAgent ${input.incidentId}: ${input.decision.cause}`;
  const stopped = await perform(input, run, deps, {
    key: `restart-stop-${index}`,
    what,
    call: () => deps.actuator.stopTask(target, task.taskArn, reason),
    reconcile: () => reconcileStop(deps.readers.ecs, target, task.taskArn, reason, within(deps)),
  });
  if (stopped.outcome !== "done") return [stopped];
  const wait = { target, task, deadline: input.deadline };
  return [stopped, await waitForReplacement(`restart-replace-${index}`, wait, run, deps)];
}

/** A change that was planned and not even tried, because of a fault before it. */
function notMade(what: string, { failure }: StageFailure, at: string): ActionStep {
  const detail = `Not tried: ${failure.message}. ${failure.remedy}`;
  return { what, outcome: "refused", detail, startedAt: at, endedAt: at };
}

async function scale(
  input: ActInput,
  plan: Extract<Plan, { action: "scale" }>,
  target: Target,
  run: Run,
  deps: PipelineDependencies,
): Promise<ActionResult> {
  const what = `set the desired count from ${plan.from} to ${plan.to}`;
  const current = await run.step(
    "scale-look",
    async () => (await deps.readers.ecs.service(target, within(deps)))?.desired,
  );
  const step =
    current.value === plan.from
      ? await perform(input, run, deps, {
          key: "scale-set",
          what,
          call: () => deps.actuator.setDesiredCount(target, plan.to),
          reconcile: () => reconcileScale(deps.readers.ecs, target, plan.from, plan.to, within(deps)),
        })
      : toStep(
          what,
          current,
          "skipped",
          `The desired count is now ${current.value ?? "unknown"}, not ${plan.from}; nothing was done.`,
        );
  return {
    action: "scale",
    target,
    outcome: outcomeOf([step]),
    before: { desired: plan.from },
    after: step.outcome === "done" ? { desired: plan.to } : {},
    steps: [step],
    undo: `Set the desired count back to ${plan.from}.`,
  };
}

interface Effect {
  readonly key: string;
  readonly what: string;
  readonly call: () => Promise<Actuation>;
  readonly reconcile: () => Promise<ActionStep["outcome"]>;
}

/** Claim, record, call once. Without a clear answer the world is read, and what stays unclear is `unknown`. */
async function perform(
  input: ActInput,
  run: Run,
  deps: PipelineDependencies,
  effect: Effect,
): Promise<ActionStep> {
  const { decision, incidentId } = input;
  const answer = await run.once(effect.key, async (): Promise<Actuation> => {
    const at = deps.now().toISOString();
    const claimed = await deps.store.claim(`${incidentId}/${effect.key}`, at);
    if (!claimed)
      return { outcome: "ambiguous", message: "This step was claimed before; it is not done again." };
    await deps.store.recordAction({
      incidentId,
      cluster: decision.target.cluster,
      service: decision.target.service,
      action: decision.action,
      cause: decision.cause,
      at,
    });
    const rival = await otherIncidentActing(input, deps);
    if (rival !== undefined) {
      return {
        outcome: "refused",
        code: "OpsAgent",
        message: `incident ${rival} is acting on the same service`,
      };
    }
    deps.progress?.({ stage: "act", detail: effect.what });
    return effect.call().catch(unclear);
  });
  if (answer?.value.outcome === "accepted") return toStep(effect.what, answer, "done", answer.value.detail);
  if (answer?.value.outcome === "refused") {
    const { code, message, remedy } = answer.value;
    const who = code === "OpsAgent" ? "OpsAgent held back" : "AWS refused it";
    const advice = remedy === undefined ? "" : ` ${remedy}`;
    return toStep(effect.what, answer, "refused", `${who}: ${message}. Nothing was changed.${advice}`);
  }
  const found = await run.step(`${effect.key}-reconcile`, effect.reconcile);
  const why = answer?.value.message ?? "OpsAgent was stopped in the middle of the call.";
  const detail = {
    done: `${why} A look afterwards shows that it was done.`,
    refused: `${why} A look afterwards shows that nothing was changed.`,
    skipped: `${why} A look afterwards shows that nothing was changed.`,
    unknown: `${why} A look afterwards cannot tell whether it was done; check by hand.`,
  }[found.value];
  return { ...toStep(effect.what, answer ?? found, found.value, detail), endedAt: found.endedAt };
}

/** The call broke off, so nobody knows whether it had its effect: the world has to tell. */
function unclear(thrown: unknown): Actuation {
  return { outcome: "ambiguous", message: asOpsAgentError(thrown).message };
}

/**
 * Two incidents of one service can decide in the same moment. Each writes its action first and looks after that,
 * so that at least one sees the other; when both do, both hold back. Without a cooldown, too: an action that is not
 * verified yet may still be going on.
 */
async function otherIncidentActing(input: ActInput, deps: PipelineDependencies): Promise<string | undefined> {
  const { target } = input.decision;
  const { replacementTimeoutSeconds, verifyTimeoutSeconds } = deps.policy.timing;
  const cooldown = deps.policy.limits.cooldownMinutes * 60_000;
  const atWork = (replacementTimeoutSeconds + verifyTimeoutSeconds) * 1000;
  const now = deps.now().getTime();
  const recent = await deps.store.actionsSince(new Date(now - Math.max(cooldown, atWork)).toISOString());
  return recent.find(
    (one) =>
      one.incidentId !== input.incidentId &&
      one.service === target.service &&
      one.cluster === target.cluster &&
      (one.verified === undefined || now - Date.parse(one.at) < cooldown),
  )?.incidentId;
}

function toStep(
  what: string,
  times: Timed<unknown>,
  outcome: ActionStep["outcome"],
  detail: string,
): ActionStep {
  return { what, outcome, detail, startedAt: times.startedAt, endedAt: times.endedAt };
}

function outcomeOf(steps: readonly ActionStep[]): ActionResult["outcome"] {
  if (steps.some((step) => step.outcome === "unknown" && !step.what.startsWith("wait"))) return "unknown";
  const changes = steps.filter((step) => !step.what.startsWith("wait"));
  const done = changes.filter((step) => step.outcome === "done").length;
  if (done === 0) return "nothing-changed";
  return steps.every((step) => step.outcome === "done" || step.outcome === "skipped")
    ? "done"
    : "partly-done";
}
