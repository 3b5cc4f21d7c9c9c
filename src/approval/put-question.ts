/** Puts a question to people, durably: until a channel takes it, it is answered, or a day is over. */
import type { Approval } from "../domain/approval.ts";
import type { Attempt } from "../domain/incident/incident.ts";
import {
  type Delivery,
  deliveryEvents,
  isWaiting,
  type Letter,
  leaveEnded,
  post,
  secondsBeforeTry,
  tryAll,
} from "../notification/delivery.ts";
import type { Lanes } from "../notification/lanes.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../workflow/durable-steps.ts";
import { stepName } from "../workflow/step-names.ts";

interface Putting {
  readonly approval: Approval;
  readonly attempt: Attempt;
  readonly lanes: Lanes;
}

/** How the question goes to people. */
export interface Put {
  /** Resolves after the first try. What was not taken is tried again beside what comes after. */
  readonly tried: Promise<void>;
  /** Whether it is still tried to put the question to somebody. For inside of steps. */
  trying(): boolean;
  /** The question is answered: nothing waits for it any more. */
  over(): void;
}

/** What is kept between the tries. */
interface Kept {
  readonly deliveries: readonly Delivery[];
  /** Deadlines that were given while no channel took the question, with the time of each. ISO 8601. */
  readonly extended: readonly Extension[];
}

/** A later deadline, and when it was given. ISO 8601. */
export interface Extension {
  readonly at: string;
  readonly deadline: string;
}

/**
 * Keeps the question and puts it to every channel. While it waits its deadline moves, so that whoever gets it has at least
 * half of the policy's time.
 */
export function putToPeople(
  { approval, attempt, lanes }: Putting,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Put {
  const { id } = approval;
  const posted = post(lettersOf(approval, deps), lanes);
  const name = stepName("ask", attempt);
  let trying = false;
  const begin = async () => {
    const first = await run.step(
      name,
      async () => {
        await deps.store.ask(approval);
        return tryAll(posted, undefined, false, deps);
      },
      (deliveries) => deliveryEvents(name, deliveries),
    );
    leaveEnded(posted, first.value);
    if (!first.value.some(isWaiting)) return;
    const said = new Set(deliveryEvents(name, first.value).map(({ key }) => key));
    trying = true;
    const putting = run.deliver<Kept>(
      stepName("ask-deliver", attempt),
      secondsBeforeTry,
      async (before) => {
        if (before === undefined) return { state: { deliveries: first.value, extended: [] }, done: false };
        const later = before.deliveries.some(isDelivered) ? undefined : await extendHalfOver(id, deps);
        const deliveries = await tryAll(posted, before.deliveries, false, deps);
        const extended = later === undefined ? before.extended : [...before.extended, later];
        return { state: { deliveries, extended }, done: !deliveries.some(isWaiting) };
      },
      ({ deliveries, extended }) => [
        ...extended.map((one) => extendedEvent(id, one)),
        ...deliveryEvents(name, deliveries).filter(({ key }) => !said.has(key)),
      ],
    );
    const over = () => {
      trying = false;
    };
    putting.then(over, over);
  };
  return {
    tried: begin(),
    trying: () => trying,
    over: () => {
      for (const { place } of posted) place.leave();
    },
  };
}

/** One letter for each channel. A step that runs again after a crash does not post where it knows that it has posted. */
function lettersOf({ id }: Approval, deps: WorkflowDependencies): Letter[] {
  const current = async () => {
    const kept = await deps.store.approval(id);
    return kept?.answer === undefined ? kept : undefined;
  };
  return deps.approvalChannels.map((channel) => ({
    channel: channel.name,
    what: "the question",
    stage: "ask",
    send: async () => {
      const approval = await current();
      if (approval === undefined) return false;
      if (approval.messages[channel.name] !== undefined) return true;
      const reference = await channel.ask(approval);
      await deps.store.noteMessage(id, channel.name, reference ?? TAKEN);
      return true;
    },
    instead: (deps.fallbacks ?? []).map((other) => ({
      channel: other.name,
      send: async (why) => {
        const approval = await current();
        if (approval === undefined || !(await other.ask(approval, why))) return false;
        await deps.store.noteMessage(id, other.name, TAKEN);
        return true;
      },
    })),
  }));
}

/** Kept where a channel has taken the question and cannot change it later. */
const TAKEN = "taken";

function isDelivered({ state, instead }: Delivery): boolean {
  return state === "delivered" || instead !== undefined;
}

/** Once half of the time is over, a question that nobody has got is extended. Never throws. */
async function extendHalfOver(id: string, deps: WorkflowDependencies): Promise<Extension | undefined> {
  const halfMs = (deps.policy.approvals.deadlineMinutes * 60_000) / 2;
  const kept = await deps.store.approval(id).catch(() => undefined);
  if (kept === undefined || kept.answer !== undefined) return undefined;
  if (Date.parse(kept.deadline) - deps.now().getTime() > halfMs) return undefined;
  return extend(id, deps);
}

/** Gives an unanswered question the policy's whole time from now on. Never throws; undefined where it was not moved. */
export async function extend(
  id: string,
  { store, policy, now }: WorkflowDependencies,
): Promise<Extension | undefined> {
  const at = now();
  const deadline = new Date(at.getTime() + policy.approvals.deadlineMinutes * 60_000).toISOString();
  const moved = await store.postpone(id, { deadline }).catch(() => undefined);
  return moved?.answer === undefined && moved?.deadline === deadline
    ? { at: at.toISOString(), deadline }
    : undefined;
}

/** The event of an extension; the same whoever gives it. */
export function extendedEvent(approvalId: string, { at, deadline }: Extension): StepEvent {
  const key = `approval-extended:${approvalId}:${deadline}`;
  return { kind: "approval-extended", key, at, approvalId, deadline };
}
