/** Keeps answers small: an assistant pays for every character, and a large answer pushes out what it knew before. */

/** The longest answer, in characters of JSON. */
export const MOST_CHARACTERS = 24_000;

/** How long texts and lists may be, step by step until the whole fits. */
const STEPS = [
  { text: 4_000, list: 200 },
  { text: 1_000, list: 60 },
  { text: 300, list: 20 },
  { text: 80, list: 6 },
] as const;

export interface Fitted<T> {
  readonly value: T;
  /** Something was shortened; it says so in its place. */
  readonly cut: boolean;
}

/** Shortens texts and lists, each with a note of how much is missing, until the JSON fits into `budget` characters. */
export function fitted<T>(value: T, budget = MOST_CHARACTERS): Fitted<T> {
  for (const step of STEPS) {
    const shortened = shorten(value, step);
    if (JSON.stringify(shortened.value).length <= budget) return shortened as Fitted<T>;
  }
  return { value: { cut: "This is too large to be shown here." } as T, cut: true };
}

export interface Page {
  readonly items: readonly unknown[];
  readonly cut: boolean;
  /** Where the next page begins; absent on the last one. */
  readonly next?: number;
}

/** As many items from `offset` on as fit, at least one of those that are left. */
export function pageOf(all: readonly unknown[], offset: number, limit: number, budget: number): Page {
  const items: unknown[] = [];
  let [used, cut] = [0, false];
  for (const item of all.slice(offset, offset + limit)) {
    const one = fitted(item, budget);
    const length = JSON.stringify(one.value).length;
    if (items.length > 0 && used + length > budget) break;
    items.push(one.value);
    used += length;
    cut ||= one.cut;
  }
  const next = offset + items.length;
  return { items, cut, ...(next < all.length ? { next } : {}) };
}

/** A text without invisible and control characters, in which instructions can hide from people; line breaks stay. */
export function visible(text: string): string {
  return text.toWellFormed().replace(/\p{Cf}|(?![\n\t])\p{Cc}/gu, "");
}

/** No record of ours has more; a map of strangers' names may. */
const FIELDS = 40;

interface Step {
  readonly text: number;
  readonly list: number;
}

function shorten(value: unknown, step: Step): Fitted<unknown> {
  let cut = false;
  const walk = (inner: unknown): unknown => {
    if (typeof inner === "string") {
      const text = visible(inner);
      if (text.length <= step.text) return text;
      cut = true;
      return `${text.slice(0, step.text).toWellFormed()}… [cut: ${text.length - step.text} more characters]`;
    }
    if (Array.isArray(inner)) {
      if (inner.length <= step.list) return inner.map(walk);
      cut = true;
      return [...inner.slice(0, step.list).map(walk), `[cut: ${inner.length - step.list} more]`];
    }
    if (typeof inner !== "object" || inner === null) return inner;
    const entries = Object.entries(inner).filter(([, one]) => one !== undefined);
    const kept = entries
      .slice(0, Math.max(step.list, FIELDS))
      .map(([key, one]): [string, unknown] => [visible(key), walk(one)]);
    if (kept.length === entries.length) return Object.fromEntries(kept);
    cut = true;
    return Object.fromEntries([...kept, ["[cut]", `${entries.length - kept.length} more`]]);
  };
  return { value: walk(value), cut };
}
