/** The last lines that tasks wrote before they ended by themselves, from their own streams. */
import { createLastLines } from "../../packages/log-templates/index.ts";
import type { StopClass } from "../domain/evidence.ts";
import type { LogLine, TaskReading } from "../domain/reading.ts";
import { classifyStop } from "./facts/stop-class.ts";
import { shortId } from "./facts/task-facts.ts";
import type { LogLines } from "./log-lines.ts";
import type { FactDraft } from "./source.ts";

/** How a task ends that says itself why. */
const ENDS: ReadonlySet<StopClass> = new Set(["crashed", "exited-successfully", "out-of-memory"]);

/** The newest tasks that are listened to, and the lines that are kept of each. */
const MOST_TASKS = 3;
const MOST_LINES = 8;
/** Lines in the statement; the others stand in the data. */
const TOLD_LINES = 2;

export interface LastWords {
  add(page: readonly LogLine[]): void;
  facts(): FactDraft[];
}

/** Listens to the newest of the stopped tasks that ended by themselves. Memory is bounded by their number. */
export function createLastWords(stopped: readonly TaskReading[], ownerOf: LogLines["ownerOf"]): LastWords {
  const listened = new Map(
    stopped
      .filter((task) => ENDS.has(classifyStop(task)))
      .toSorted((one, other) => (other.stoppedAt ?? "").localeCompare(one.stoppedAt ?? ""))
      .slice(0, MOST_TASKS)
      .map((task) => [task.id, task]),
  );
  const heard = new Map<string, ReturnType<typeof createLastLines>>();
  return {
    add(page) {
      if (listened.size === 0) return;
      for (const line of page) {
        const owner = ownerOf(line.stream);
        if (owner?.taskId === undefined || !listened.has(owner.taskId)) continue;
        const last = heard.get(line.stream) ?? createLastLines(MOST_LINES);
        heard.set(line.stream, last);
        last.add(line, line.t);
      }
    },
    facts: () =>
      [...heard].flatMap(([stream, last]): FactDraft[] => {
        const { taskId = "", container } = ownerOf(stream) ?? {};
        const lines = last.finish();
        const task = listened.get(taskId);
        if (lines.length === 0 || task === undefined) return [];
        const whose = container === undefined ? "" : ` (container ${container})`;
        const told = lines.slice(-TOLD_LINES).map((line) => `“${line}”`);
        return [
          {
            kind: "last-words",
            provenance: "log",
            ...(task.stoppedAt === undefined ? {} : { at: task.stoppedAt }),
            statement: `Task ${shortId(taskId)}${whose} wrote last before it ended: ${told.join(", ")}.`,
            data: { taskId, ...(container === undefined ? {} : { container }), lines },
          },
        ];
      }),
  };
}
