/** Takes pauses and their ends from every door: checks who may, writes the brake, and says what is so now. */
import { isInForce, type Pause, type PauseScope, scopeKey, scopeText } from "../domain/brake.ts";
import { type BrakeState, brakeLines, readBrakeState } from "../domain/brake-state.ts";
import type { Brake, Logger, PolicySource } from "../domain/ports.ts";
import { mayAnswer } from "./may-answer.ts";

export interface BrakeRequest {
  readonly scope: PauseScope;
  /** Who asks; the door tells by which list of the policy they are known. */
  readonly by: string;
  readonly via: Pause["via"];
}

export interface PauseRequest extends BrakeRequest {
  /** ISO 8601, exclusive; without it the pause stands until somebody resumes. */
  readonly until?: string | undefined;
  readonly why?: string | undefined;
}

/** Only `paused` and `resumed` changed anything. `message` and `remedy` are sentences, `sentence` both of them. */
export interface BrakeResult {
  readonly outcome: "paused" | "resumed" | "not-paused" | "not-allowed";
  readonly message: string;
  readonly remedy: string;
  readonly sentence: string;
  /** What holds after it; absent for those who may not know. */
  readonly state?: BrakeState;
}

/** Every method throws `store-failed`, but for `state`. */
export interface BrakeControl {
  /** In force for the next changing call of every process once it returns. A pause of the same scope is replaced. */
  pause(request: PauseRequest): Promise<BrakeResult>;
  /** Ends the pauses of the scope; those of a service in every cluster where the scope names none. */
  resume(request: BrakeRequest): Promise<BrakeResult>;
  /** What holds changes back now. Never throws. */
  state(): Promise<BrakeState>;
}

export interface BrakeControlDependencies {
  readonly brake: Brake;
  readonly policySource: PolicySource;
  readonly now: () => Date;
  readonly logger: Logger;
}

const CHANNELS = { cli: "cli", dashboard: "http", http: "http", slack: "slack" } as const;

const LISTS = { cli: "cliUsers", http: "httpClients", slack: "slackUsers" } as const;

/**
 * Creates the control. Whoever may answer questions may pause and resume. On the command line everybody may pause, who can
 * use the store: stopping OpsAgent must not depend on a list.
 */
export function createBrakeControl({
  brake,
  policySource,
  now,
  logger,
}: BrakeControlDependencies): BrakeControl {
  const state = () => readBrakeState(brake, now(), policySource);

  const refused = async ({ by, via }: BrakeRequest, what: string): Promise<BrakeResult | undefined> => {
    const channel = CHANNELS[via];
    const { policy } = await policySource.current();
    if (mayAnswer(policy, { channel, id: by })) return undefined;
    logger.warn("brake-refused", { what, by, via });
    return resultOf(
      "not-allowed",
      `${by} may not ${what} OpsAgent: the policy does not name them.`,
      `Ask somebody who may, or add the name to approvals.${LISTS[channel]} in the policy.`,
    );
  };

  return {
    state,
    async pause(request) {
      const { scope, by, via, until, why } = request;
      const refusal = via === "cli" ? undefined : await refused(request, "pause");
      if (refusal !== undefined) return refusal;
      const at = now().toISOString();
      await brake.pause({
        scope,
        by,
        at,
        via,
        ...(until === undefined ? {} : { until }),
        ...(why === undefined || why.trim() === "" ? {} : { why: why.trim() }),
      });
      logger.info("brake-paused", { scope: scopeText(scope), by, via, until });
      const after = await state();
      return resultOf("paused", told(after), PAUSED_REMEDY, after);
    },
    async resume(request) {
      const refusal = await refused(request, "resume");
      if (refusal !== undefined) return refusal;
      const { scope, by, via } = request;
      const at = now().toISOString();
      const meant = (await brake.pauses(at)).filter((pause) => isInForce(pause, at) && isMeant(pause, scope));
      const ended: Pause[] = [];
      for (const pause of meant) {
        const one = await brake.resume(pause.scope, { by, at, via });
        if (one !== undefined) ended.push(one);
      }
      const after = await state();
      const still = told(after);
      if (ended.length === 0) {
        const message = `There is no pause of ${scopeText(scope)}.`;
        return resultOf("not-paused", message, still || "Nothing is paused.", after);
      }
      for (const one of ended) logger.info("brake-resumed", { scope: scopeText(one.scope), by, via });
      const what = ended.map((one) => scopeText(one.scope)).join(", ");
      const rest = still || "The policy alone says again what OpsAgent may do.";
      return resultOf("resumed", `The pause of ${what} was ended by ${by}.`, rest, after);
    },
  };
}

const PAUSED_REMEDY =
  "Incidents are still investigated and reported. A call that was already sent to AWS is not taken back.";

function isMeant({ scope }: Pause, wanted: PauseScope): boolean {
  if (wanted.kind === "service" && wanted.cluster === undefined)
    return scope.kind === "service" && scope.service === wanted.service;
  return scopeKey(scope) === scopeKey(wanted);
}

function told(state: BrakeState): string {
  return brakeLines(state).join(" ");
}

function resultOf(
  outcome: BrakeResult["outcome"],
  message: string,
  remedy: string,
  state?: BrakeState,
): BrakeResult {
  const sentence = `${message} ${remedy}`;
  return { outcome, message, remedy, sentence, ...(state === undefined ? {} : { state }) };
}
