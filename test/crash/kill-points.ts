/**
 * Moments at which a process kills itself: around the n-th call of a port, and around the COMMITs of its databases,
 * the store's and the engine's alike, counted from the call before. Written as `before:store.claim#1`, and
 * `after:commit@store.claim#1#2` for the second COMMIT since that call began.
 */
import { appendFileSync } from "node:fs";
import { kill, pid } from "node:process";
import { DatabaseSync } from "node:sqlite";

export type Phase = "before" | "after";

export interface KillPoints {
  /** Says that a moment has come; does not return when it is the one to die at. */
  readonly reach: (phase: Phase, call: string) => void;
  /** Every moment so far, in order. */
  readonly moments: readonly string[];
}

export interface KillPointOptions {
  /** Where to die; empty: nowhere. */
  readonly killAt: string;
  /** A file that gets a line for each death: the moment, and the calls that were going on. */
  readonly deaths: string;
  /** Told of every moment, before it is decided whether to die. */
  readonly onReach?: (moment: string) => void;
}

export function createKillPoints({ killAt, deaths, onReach }: KillPointOptions): KillPoints {
  const moments: string[] = [];
  const begun = new Map<string, number>();
  const ended = new Map<string, number>();
  const open: string[] = [];
  let newest = "start";
  return {
    moments,
    reach: (phase, port) => {
      const call = port === "commit" ? `commit@${newest}` : port;
      const counts = phase === "before" ? begun : ended;
      const number = (counts.get(call) ?? 0) + 1;
      counts.set(call, number);
      const moment = `${phase}:${call}#${number}`;
      moments.push(moment);
      if (port !== "commit" && phase === "before") newest = `${call}#${number}`;
      if (port !== "commit" && phase === "after") open.splice(open.indexOf(call), 1);
      onReach?.(moment);
      if (moment === killAt) {
        appendFileSync(deaths, `${[moment, ...open].join(" ")}\n`);
        kill(pid, "SIGKILL");
      }
      if (port !== "commit" && phase === "before") open.push(call);
    },
  };
}

/**
 * The moments that differ: between the end of one call and the beginning of the next nothing happens that outlives the
 * process, since every COMMIT is a call, too.
 */
export function distinct(moments: readonly string[]): string[] {
  return moments.filter(
    (moment, index) => !(moment.startsWith("before:") && moments[index - 1]?.startsWith("after:")),
  );
}

/** Makes every COMMIT of this process a call named `commit`: before it nothing is stored, after it everything. */
export function watchCommits({ reach }: Pick<KillPoints, "reach">): void {
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (sql) {
    if (sql !== "COMMIT") return exec.call(this, sql);
    reach("before", "commit");
    exec.call(this, sql);
    reach("after", "commit");
  };
}
