import type { MetricStore } from "../metrics/metric-store.ts";
import type { MetricAlarm } from "./alarm.ts";
import { evaluateContributors, insightsOf } from "./alarm-contributors.ts";
import { newestBoundary, periodOf, readRange, ruleOf } from "./alarm-query.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";
import { evaluateAlarm } from "./evaluate-alarm.ts";
import { hasTooFewSamples } from "./low-samples.ts";
import { reasonData } from "./reason-data.ts";
import { stateReason } from "./state-reason.ts";

/** How long after its end a period is taken as complete: measurements arrive a little late. */
const INGESTION_DELAY = { milliseconds: 1_000 };

/** Evaluates alarms as time passes. */
export interface AlarmEvaluator {
  /** Evaluates every metric alarm for which a new period has become complete since the last call. */
  tick(): void;
}

/** Creates an evaluator; call `tick` at least once a second. */
export function createAlarmEvaluator(
  registry: AlarmRegistry,
  store: MetricStore,
  now: () => number,
): AlarmEvaluator {
  /** The configuration is part of the key: a changed alarm is evaluated at once. */
  const evaluated = new WeakMap<MetricAlarm["configuration"], number>();

  function evaluate(alarm: MetricAlarm): void {
    const { configuration } = alarm;
    const at = now();
    const boundary = newestBoundary(configuration, at - INGESTION_DELAY.milliseconds);
    if (evaluated.get(configuration) === boundary) return;
    evaluated.set(configuration, boundary);

    if (insightsOf(configuration)) {
      evaluateSeveral(alarm, boundary);
      return;
    }
    const rule = ruleOf(configuration);
    const evaluation = evaluateAlarm(rule, readRange(configuration, boundary, store));
    const { state } = evaluation;
    if (state === "retain" || state === alarm.state) return;
    if (hasTooFewSamples(configuration, evaluation.considered)) return;
    const isCountExplicit = configuration.DatapointsToAlarm !== undefined;
    registry.changeState(configuration.AlarmName, {
      state,
      reason: stateReason(rule, evaluation, state, isCountExplicit),
      reasonData: reasonData(configuration, periodOf(configuration), evaluation.considered, at),
    });
  }

  /** An alarm over several time series: in ALARM while one of them is. */
  function evaluateSeveral({ configuration, state }: MetricAlarm, boundary: number): void {
    const { AlarmName } = configuration;
    const found = evaluateContributors(configuration, registry.contributors(AlarmName), boundary, store);
    const breaching = found.filter((one) => one.state === "ALARM").length;
    const next = found.length === 0 ? "INSUFFICIENT_DATA" : breaching > 0 ? "ALARM" : "OK";
    registry.noteContributors(AlarmName, found);
    if (next === state) return;
    const reason = `${breaching} out of ${found.length} time series evaluated to ALARM`;
    registry.changeState(AlarmName, { state: next, reason, reasonData: undefined });
  }

  return {
    tick() {
      for (const alarm of registry.list()) if (alarm.kind === "MetricAlarm") evaluate(alarm);
      registry.tick();
    },
  };
}
