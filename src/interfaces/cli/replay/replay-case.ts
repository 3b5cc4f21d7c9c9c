import { createOpenRouterClient } from "../../../adapters/openrouter/client.ts";
import type { Diagnosis } from "../../../domain/diagnosis.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { CaseFile } from "../../../domain/incident/case-file.ts";
import { nothingToJudge } from "../../../reporting/case-file/case-file.ts";
import { historyBefore } from "../../../reporting/case-file/history-before.ts";
import { incidentsSince } from "../../../reporting/overview/scored-incidents.ts";
import {
  type Replay,
  type ReplayDependencies,
  replay,
  replayCaseOf,
  replayCaseOfFile,
} from "../../../reporting/replay.ts";
import type { Config } from "../../../wiring/config.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { isCasePath, readCaseFile } from "../case-path.ts";
import { EXIT } from "../exit-code.ts";
import { findIncident } from "../incidents/incidents.ts";
import { withStore } from "../open-store.ts";
import { mustHaveStore } from "../store-there.ts";
import { print, printJson, usableConfig } from "../terminal.ts";
import type { ReplayFlags } from "./replay-flags.ts";
import { countsOf, type ReplayedAll, renderAll, renderReplay } from "./replay-report.ts";

const DAY_MS = 24 * 60 * 60_000;
const USUAL_DAYS = 30;

/**
 * Judges again and tells the difference. Returns 0 for the same decision, 3 for another one, 1 where a model failed.
 * Throws `config-invalid` for what cannot be replayed or does not go together, and `store-failed`.
 */
export async function replayCommand(given: string | undefined, options: ReplayFlags): Promise<number> {
  refuseContradictions(given, options);
  const file = given !== undefined && isCasePath(given) ? readCaseFile(given) : undefined;
  const config = usableConfig(readConfig({ overrides: overridesOf(options) }));
  if (file === undefined) mustHaveStore();
  if (given === undefined) return replayAll(config, options);
  const done =
    file === undefined ? await replayStored(given, config, options) : await replayFile(file, config, options);
  if (options.json) printJson(done);
  else print(renderReplay(done));
  return exitCodeOf([done]);
}

function refuseContradictions(given: string | undefined, options: ReplayFlags): void {
  const all = options.all === true;
  const wrong =
    given === undefined && !all
      ? "Say which incident or case file to replay, or --all."
      : given !== undefined && all
        ? "--all is every stored incident: leave the incident out."
        : options.days !== undefined && !all
          ? "--days goes with --all."
          : options.model !== undefined && options.diagnoser === "rules"
            ? "--model names a model, but --diagnoser rules asks none."
            : undefined;
  if (wrong === undefined) return;
  throw new OpsAgentError({
    code: "config-invalid",
    message: wrong,
    remedy: "`opsagent replay --help` says more.",
  });
}

function overridesOf({ policy, model }: ReplayFlags): Record<string, string> {
  return {
    ...(policy === undefined ? {} : { OPSAGENT_POLICY: policy }),
    ...(model === undefined ? {} : { LLM_MODEL: model }),
  };
}

async function replayFile(file: CaseFile, config: Config, options: ReplayFlags): Promise<Replay> {
  const own = options.policy === undefined ? file.policy : config.policy;
  const [first] = file.rounds;
  const who = diagnoserFor(first?.diagnosis, options);
  return replay(replayCaseOfFile(file), { ...dependencies(config, who), policy: own, ceiling: file.ceiling });
}

async function replayStored(id: string, config: Config, options: ReplayFlags): Promise<Replay> {
  const { incident, history } = await withStore(async (store) => {
    const found = await findIncident(store, id);
    return { incident: found, history: await historyBefore(found, store) };
  });
  const stored = replayCaseOf(incident, history);
  if (stored === undefined) throw nothingToJudge(id);
  return replay(stored, dependencies(config, diagnoserFor(incident.diagnosis, options)));
}

async function replayAll(config: Config, options: ReplayFlags): Promise<number> {
  const since = new Date(Date.now() - (options.days ?? USUAL_DAYS) * DAY_MS).toISOString();
  const done = await withStore(async (store): Promise<ReplayedAll> => {
    const ids = (await incidentsSince(store, since)).map(({ id }) => id);
    const history = await historyBefore({ openedAt: since }, store);
    const replays: Replay[] = [];
    for (const id of ids) {
      const incident = await findIncident(store, id);
      const stored = replayCaseOf(incident, history);
      if (stored === undefined) continue;
      replays.push(await replay(stored, dependencies(config, diagnoserFor(incident.diagnosis, options))));
    }
    return { since, withoutEvidence: ids.length - replays.length, replays };
  });
  if (options.json) printJson({ ...done, ...countsOf(done.replays) });
  else print(renderAll(done));
  return exitCodeOf(done.replays);
}

/**
 * Rules cost nothing and judge again. A model's word stays unless a model is asked for: where only the policy is new, its
 * dice should not be thrown again, nor its price be paid.
 */
function diagnoserFor(
  said: Diagnosis | undefined,
  { diagnoser, model }: ReplayFlags,
): ReplayDependencies["diagnoser"] {
  if (model !== undefined) return "model";
  return diagnoser ?? (said?.by === "rules" ? "rules" : "as-stored");
}

function dependencies(config: Config, diagnoser: ReplayDependencies["diagnoser"]): ReplayDependencies {
  const { policy, mode } = config;
  const { apiKey, baseUrl, slugs } = config.model;
  const model =
    apiKey === undefined
      ? undefined
      : () =>
          createOpenRouterClient({
            apiKey,
            baseURL: baseUrl,
            models: slugs,
            timeoutSeconds: policy.timing.modelTimeoutSeconds,
            budgetUsd: policy.limits.modelBudgetUsd,
          });
  return { diagnoser, model, policy, ceiling: mode };
}

function exitCodeOf(replays: readonly Replay[]): number {
  const { different, failed } = countsOf(replays);
  if (failed > 0) return EXIT.failed;
  return different > 0 ? DIFFERENT : EXIT.done;
}

/** The number of "for a person to look at" everywhere. */
const DIFFERENT = EXIT.escalated;
