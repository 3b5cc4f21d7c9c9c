/** Pseudonyms of one case file: the same value has the same one everywhere. */
import { isPublicWord, stemsOf } from "./public-vocabulary.ts";

export type NameKind =
  | "account"
  | "alarm"
  | "cluster"
  | "container"
  | "definition"
  | "digest"
  | "host"
  | "id"
  | "image"
  | "incident"
  | "load-balancer"
  | "log-group"
  | "metric"
  | "name"
  | "namespace"
  | "person"
  | "resource"
  | "role"
  | "secret"
  | "service"
  | "tag"
  | "target-group"
  | "task"
  | "url"
  | "word";

/** The kinds of each value, in the order in which values were first seen. */
export type Seen = ReadonlyMap<string, ReadonlySet<NameKind>>;

export interface Names {
  /** Returns the pseudonym of a whole identifier. Empty stays empty. */
  of(kind: NameKind, value: string): string;
  /** Returns the pseudonym that a value has already, ignoring case; undefined for an unknown one. */
  known(value: string): string | undefined;
  /** Gives a longer form, such as an image with its tag, the pseudonym that was built from its parts. */
  alias(value: string, pseudonym: string): void;
  /** Keeps a word that only AWS can have chosen. */
  keep(word: string): void;
  /** Returns every name, aliases too, that can be told from ordinary words wherever it stands. */
  telling(): readonly string[];
  /** Grows with every name; while it is unchanged, so is {@link telling}. */
  size(): number;
  seen(): Seen;
}

/** Hexadecimal AWS ids: tasks, load balancers, deployments. */
const HEX = /^(?=.*\d)[0-9a-f]{8,64}$/i;
const ACCOUNT = /^\d{12}$/;
const DIGITS = /^\d{13,30}$/;
const SHORT_ID = 8;

/**
 * Creates the names. `before` is what an earlier pass over the same incident saw: every name is then known from the
 * start, and no pseudonym equals a value of the incident.
 */
export function createNames(before: Seen = new Map()): Names {
  const seen = new Map<string, Set<NameKind>>();
  const pseudonyms = new Map<string, string>();
  const counts = new Map<string, number>();
  const taken = new Set([...before.keys()].map((value) => value.toLowerCase()));

  function next(kind: string, form: (number: number) => string): string {
    for (;;) {
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      const pseudonym = form(number);
      if (!taken.has(pseudonym.toLowerCase())) return pseudonym;
    }
  }

  function create(value: string, kinds: ReadonlySet<NameKind>): string {
    if (ACCOUNT.test(value)) return next("account", (number) => String(number).padStart(12, "0"));
    if (DIGITS.test(value)) return next("digits", (number) => String(number).padStart(13, "1"));
    if (HEX.test(value)) {
      // People tell tasks apart by the first eight characters, so the number is there.
      return next("hex", (number) =>
        number.toString(16).padStart(SHORT_ID, "0").padEnd(value.length, "0").slice(0, value.length),
      );
    }
    const [kind = "name"] = kinds;
    return next(kind, (number) => `${kind}-${number}${stemsOf(value)}`);
  }

  function add(value: string, kinds: ReadonlySet<NameKind>): string {
    const pseudonym = create(value, kinds);
    pseudonyms.set(value, pseudonym);
    for (const form of formsOf(value).slice(1)) pseudonyms.set(form, pseudonym.slice(0, form.length));
    return pseudonym;
  }

  for (const [value, kinds] of before) if (!pseudonyms.has(value)) add(value, kinds);
  const folded = () => new Map([...pseudonyms].map(([value, pseudonym]) => [value.toLowerCase(), pseudonym]));
  let lower: ReadonlyMap<string, string> | undefined;

  return {
    of(kind, value) {
      if (value === "") return value;
      const kinds = seen.get(value) ?? new Set<NameKind>();
      seen.set(value, kinds.add(kind));
      lower = undefined;
      return pseudonyms.get(value) ?? add(value, kinds);
    },
    known(value) {
      lower ??= folded();
      return pseudonyms.get(value) ?? lower.get(value.toLowerCase());
    },
    alias(value, pseudonym) {
      if (value === "" || value === pseudonym) return;
      pseudonyms.set(value, pseudonym);
      lower = undefined;
    },
    keep(word) {
      pseudonyms.set(word, word);
      seen.delete(word);
      lower = undefined;
    },
    telling: () =>
      [...pseudonyms.keys()].filter(
        (value) => isTelling(value) && !isOnlyWord(seen.get(value) ?? before.get(value)),
      ),
    size: () => pseudonyms.size,
    seen: () => seen,
  };
}

/** Whether the value only occurred as a word of a sentence, and so names nothing. */
export function isOnlyWord(kinds: ReadonlySet<NameKind> | undefined): boolean {
  return kinds !== undefined && kinds.size === 1 && kinds.has("word");
}

/** Returns the value, and the first eight characters of an id, by which people and statements name a task. */
export function formsOf(value: string): string[] {
  return HEX.test(value) && value.length > SHORT_ID ? [value, value.slice(0, SHORT_ID)] : [value];
}

/** Whether a name can be told from ordinary words and numbers wherever it stands. An id's first eight may be digits. */
export function isTelling(value: string): boolean {
  return value.length > 1 && !isPublicWord(value) && !/^\d{1,7}$/.test(value);
}
