import { redactLines } from "../redaction/index.ts";
import { copyOf } from "./clusters.ts";
import { printable } from "./lines/clean-line.ts";
import type { LogLine } from "./log-line.ts";

const LONGEST_SHOWN = 500;
/** Longer than shown, so that a secret at the cut is still recognised. */
const LONGEST_KEPT = 2_000;

interface Kept {
  readonly t: number;
  readonly stream: string;
  readonly message: string;
}

/** Keeps the newest lines by their own time, in whatever order they arrive. */
export function createLastLines(limit: number): { add(line: LogLine, t: number): void; finish(): string[] } {
  let kept: Kept[] = [];
  let oldest = Number.NEGATIVE_INFINITY;

  function shrink(): void {
    kept.sort((a, b) => a.t - b.t);
    kept = limit === 0 ? [] : kept.slice(-limit);
    oldest = kept.length < limit ? Number.NEGATIVE_INFINITY : (kept[0]?.t ?? Number.POSITIVE_INFINITY);
  }

  return {
    add(line, t) {
      if (t < oldest || limit === 0) return;
      const message =
        line.message.length > LONGEST_KEPT ? copyOf(line.message.slice(0, LONGEST_KEPT)) : line.message;
      kept.push({ t, stream: line.stream, message });
      if (kept.length >= limit * 4 + 16) shrink();
    },
    finish() {
      shrink();
      return showLines(kept);
    },
  };
}

/** Redacts each stream's lines together, because a key can span several of them. */
function showLines(lines: readonly Kept[]): string[] {
  const shown = new Array<string>(lines.length);
  const streams = Map.groupBy(lines.keys(), (index) => lines[index]?.stream ?? "");
  for (const indexes of streams.values()) {
    const redacted = redactLines(
      indexes.map((index) => printable(lines[index]?.message ?? "", LONGEST_KEPT)),
      "person",
    );
    indexes.forEach((index, i) => {
      shown[index] = printable(redacted[i] ?? "", LONGEST_SHOWN);
    });
  }
  return shown;
}
