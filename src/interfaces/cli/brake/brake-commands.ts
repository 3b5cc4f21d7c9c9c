import { type BrakeControl, type BrakeResult, createBrakeControl } from "../../../approval/brake-control.ts";
import type { PauseScope } from "../../../domain/brake.ts";
import { brakeLines } from "../../../domain/brake-state.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Config } from "../../../wiring/config.ts";
import { openSealedStore } from "../../../wiring/open-sealed-store.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { wirePolicy } from "../../../wiring/wire-policy.ts";
import { plainLine } from "../approvals/approval-text.ts";
import { EXIT } from "../exit-code.ts";
import { isThere } from "../open-store.ts";
import { type Confirm, confirmHere, osUserName } from "../person.ts";
import { complain, print, printJson, stderrLog, usableConfig } from "../terminal.ts";

interface ScopeFlags {
  readonly service?: string;
  readonly cluster?: string;
  readonly by?: string;
  readonly json?: boolean;
}

export interface PauseFlags extends ScopeFlags {
  /** Milliseconds. */
  readonly for?: number;
  readonly why?: string;
}

export interface ResumeFlags extends ScopeFlags {
  readonly yes?: boolean;
}

/** Pauses. A policy file that cannot be used does not keep it from its work. Throws `config-invalid`, `store-failed`. */
export async function pauseCommand(flags: PauseFlags): Promise<number> {
  const scope = scopeOf(flags);
  const by = flags.by ?? osUserName();
  const config = usableConfig(readConfig({ overrides: { OPSAGENT_POLICY: undefined } }));
  return withBrake(config, async (brake) => {
    const until = flags.for === undefined ? undefined : new Date(Date.now() + flags.for).toISOString();
    const result = await brake.pause({ scope, by, via: "cli", until, why: flags.why });
    return tell(result, flags, `It counts for every process that uses ${storeName(config)}.`);
  });
}

/** Ends a pause. Throws `config-invalid`, also where nobody can be asked and `--yes` is not given, and `store-failed`. */
export async function resumeCommand(
  flags: ResumeFlags,
  confirm: Confirm | undefined = confirmHere(),
): Promise<number> {
  const scope = scopeOf(flags);
  if (confirm === undefined && !flags.yes) throw notAsked();
  const by = flags.by ?? osUserName();
  return withBrake(usableConfig(readConfig()), async (brake) => {
    if (!flags.yes) {
      for (const line of brakeLines(await brake.state())) complain(plainLine(line));
      if (!(await confirm?.(`Let OpsAgent make changes again? [y/N] `))) {
        complain("Nothing was resumed.");
        return EXIT.failed;
      }
    }
    return tell(await brake.resume({ scope, by, via: "cli" }), flags);
  });
}

/** Lists the pauses in force. Throws `config-invalid` and `store-failed`. */
export async function pausesCommand({ json }: { json?: boolean }): Promise<number> {
  const config = usableConfig(readConfig());
  return withBrake(config, async (brake) => {
    const state = await brake.state();
    const lines = brakeLines(state);
    if (json) printJson({ ...state, says: lines });
    else if (lines.length === 0) print(`Nothing is paused in ${storeName(config)}.`);
    for (const line of json ? [] : lines) print(plainLine(line));
    return state.pauses === undefined ? EXIT.failed : EXIT.done;
  });
}

/** A store that is not there is read by no OpsAgent: a pause in it would stop nothing, and say that it did. */
async function withBrake(config: Config, work: (brake: BrakeControl) => Promise<number>): Promise<number> {
  if (!isThere(config)) {
    throw new OpsAgentError({
      code: "config-invalid",
      message: `There is no store ${storeName(config)} yet, so no OpsAgent reads it, and a pause in it would stop none.`,
      remedy:
        "Set OPSAGENT_STORE as the OpsAgent that is meant has it, or start this in its folder. To begin without acting, leave every mode of the policy on observe.",
    });
  }
  const { store } = openSealedStore(config);
  const quiet = { ...stderrLog(), info: () => undefined };
  try {
    const policySource = wirePolicy(config, { store, logger: quiet });
    return await work(
      createBrakeControl({ brake: store, policySource, now: () => new Date(), logger: quiet }),
    );
  } finally {
    store.close();
  }
}

function tell(result: BrakeResult, { json }: ScopeFlags, more = ""): number {
  const done = result.outcome === "paused" || result.outcome === "resumed";
  const { outcome, message, remedy, state } = result;
  if (json) printJson({ outcome, message, remedy, ...(state === undefined ? {} : { state }) });
  else if (done) print(plainLine(`${result.sentence} ${more}`));
  else complain(plainLine(result.sentence));
  return done ? EXIT.done : EXIT.failed;
}

function scopeOf({ service, cluster }: ScopeFlags): PauseScope {
  if (service === undefined && cluster === undefined) return { kind: "all" };
  if (service !== undefined && service.trim() !== "")
    return { kind: "service", service, ...(cluster === undefined ? {} : { cluster }) };
  throw new OpsAgentError({
    code: "config-invalid",
    message:
      service === undefined ? "--cluster says where a service is, and none is named." : "--service is empty.",
    remedy: "Add --service NAME, or leave both out for everything.",
  });
}

function storeName({ store }: Config): string {
  return store.kind === "dynamodb" ? `dynamodb:${store.table}` : `sqlite:${store.path}`;
}

function notAsked(): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message:
      "Without a terminal `opsagent resume` needs --yes: it ends a pause, so that OpsAgent may change things again.",
    remedy:
      "Add --yes if that is meant. Going on with incidents of a stopped process is `opsagent continue`.",
  });
}
