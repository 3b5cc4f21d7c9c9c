/** Model cost by day and model. Pure. */
import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";

export interface CostRow {
  /** `2026-11-29`, UTC, by when incidents opened. */
  readonly day: string;
  readonly model: string;
  readonly incidents: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Dollars, of the incidents whose server reported a cost. */
  readonly costUsd: number;
  /** Incidents whose server reported no cost. */
  readonly unpriced: number;
}

export interface CostReport {
  /** Newest day first, then the most expensive model. */
  readonly rows: readonly CostRow[];
  readonly total: Omit<CostRow, "day" | "model">;
  /** Incidents without a model call. */
  readonly withoutModel: number;
}

const NOTHING = { incidents: 0, calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, unpriced: 0 };

export function costReport(summaries: readonly IncidentSummary[]): CostReport {
  const rows = new Map<string, CostRow>();
  let total: CostReport["total"] = NOTHING;
  let withoutModel = 0;
  for (const { model: usage, openedAt, listedAs } of summaries) {
    if (usage === undefined) {
      if (listedAs !== "note") withoutModel += 1;
      continue;
    }
    const day = new Date(openedAt).toISOString().slice(0, 10);
    const key = `${day} ${usage.model}`;
    const added = {
      incidents: 1,
      calls: usage.calls,
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      costUsd: usage.costUsd ?? 0,
      unpriced: usage.costUsd === undefined ? 1 : 0,
    };
    const row = rows.get(key) ?? { day, model: usage.model, ...NOTHING };
    rows.set(key, { day, model: usage.model, ...sum(row, added) });
    total = sum(total, added);
  }
  const inOrder = [...rows.values()].sort(
    (one, other) =>
      (one.day < other.day ? 1 : one.day > other.day ? -1 : 0) ||
      other.costUsd - one.costUsd ||
      (one.model < other.model ? -1 : 1),
  );
  return { rows: inOrder, total, withoutModel };
}

function sum(one: typeof NOTHING, other: typeof NOTHING): typeof NOTHING {
  return {
    incidents: one.incidents + other.incidents,
    calls: one.calls + other.calls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costUsd: one.costUsd + other.costUsd,
    unpriced: one.unpriced + other.unpriced,
  };
}
