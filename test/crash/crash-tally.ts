/** Counts what trials came to, and prints it. */
import type { FaultKind, Verdict } from "./incident-judge.ts";
import type { Trial } from "./incident-trials.ts";

interface Row {
  points: number;
  kills: number;
  incidents: number;
  told: number;
  toldTwice: number;
  askedTwice: number;
  unclear: number;
  usual: number;
  faults: Record<FaultKind, number>;
}

export interface Tally {
  /** Counts one trial: `kills` were made in it, at one of the `points` of its row. */
  add(row: string, trial: Trial, verdict: Verdict, kills: number, moment: string): void;
  readonly violations: readonly string[];
  readonly kills: number;
  table(): string;
}

const EMPTY = {
  points: 0,
  kills: 0,
  incidents: 0,
  told: 0,
  toldTwice: 0,
  askedTwice: 0,
  unclear: 0,
  usual: 0,
};

export function createTally(): Tally {
  const rows = new Map<string, Row>();
  const violations: string[] = [];
  return {
    violations,
    get kills() {
      return [...rows.values()].reduce((sum, { kills }) => sum + kills, 0);
    },
    add: (name, trial, verdict, kills, moment) => {
      const row = rows.get(name) ?? { ...EMPTY, faults: noFaults() };
      rows.set(name, row);
      row.points += 1;
      row.kills += kills;
      for (const kind of new Set(verdict.faults.map((fault) => fault.kind))) row.faults[kind] += 1;
      for (const { kind, what } of verdict.faults) {
        const violation = `${name}, ${moment}, ${kind}: ${what}  (${trial.folder})`;
        violations.push(violation);
        // At once, since the whole matrix takes most of an hour.
        process.stderr.write(`violation: ${violation}\n`);
      }
      const { incidents, changes } = verdict;
      const { usually } = trial.scenario;
      const told = new Set(trial.told().map(({ id }) => id));
      row.incidents += incidents.length;
      row.told += incidents.filter(({ id, status }) => told.has(id) || status === "observed").length;
      if (trial.told().length > told.size + returns(trial)) row.toldTwice += 1;
      const asked = trial.effects().filter(({ what }) => what === "asked").length;
      if (asked > 1) row.askedTwice += 1;
      const actions = incidents.flatMap((incident) => incident.actions);
      if (actions.some(({ outcome }) => outcome === "unknown")) row.unclear += 1;
      const same = changes.join() === usually.changes.join() && incidents[0]?.status === usually.status;
      if (same) row.usual += 1;
      if (verdict.faults.length === 0) trial.remove();
    },
    table: () => table(rows),
  };
}

/** What became of borrowed capacity is told on its own. */
function returns(trial: Trial): number {
  const ended = trial.told().filter(({ giveBack }) => (giveBack?.outcome ?? "waiting") !== "waiting");
  return new Set(ended.map(({ id }) => id)).size;
}

function noFaults(): Record<FaultKind, number> {
  return { lost: 0, repeated: 0, forbidden: 0, untold: 0, untrue: 0, audit: 0 };
}

const HEAD = [
  "scenario",
  "trials",
  "kills",
  "incidents",
  "told",
  "LOST",
  "REPEATED",
  "FORBIDDEN",
  "UNTOLD",
  "UNTRUE",
  "AUDIT",
  "unclear",
  "told twice",
  "asked twice",
  "as unharmed",
];

function table(rows: ReadonlyMap<string, Row>): string {
  const lines = [...rows].map(([name, row]) => {
    const { lost, repeated, forbidden, untold, untrue, audit } = row.faults;
    const faults = [lost, repeated, forbidden, untold, untrue, audit];
    const rest = [row.unclear, row.toldTwice, row.askedTwice, row.usual];
    return [name, row.points, row.kills, row.incidents, row.told, ...faults, ...rest].map(String);
  });
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...lines].map((line) => line[column]?.length ?? 0)),
  );
  const aligned = [HEAD, ...lines].map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return aligned.join("\n");
}
