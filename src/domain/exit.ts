/**
 * The one exit for text, by audience. What leaves OpsAgent passes here: a port that writes text takes only the types
 * that these functions make, so that a forgotten redaction does not compile. Nobody sees a credential.
 *
 * | audience | who reads it                                                | sees own addresses |
 * | -------- | ----------------------------------------------------------- | ------------------ |
 * | `person` | Slack, webhooks, PagerDuty, pages: the team of the system    | yes                |
 * | `store`  | what such a person reads from later                          | yes                |
 * | `model`  | prompts                                                      | no                 |
 * | `export` | case files and the process log, which go to other places too | no                 |
 */
import { type Audience, redact, redactDeep, redactRecord } from "../../packages/redaction/index.ts";

declare const audience: unique symbol;

/** A value whose texts may go to that audience. Only this module makes one. */
export type ValueFor<A extends Audience, T> = T & { readonly [audience]: A };

/** A text that may go to that audience. */
export type TextFor<A extends Audience> = ValueFor<A, string>;

/**
 * Redacts a text. `most` characters (UTF-16 units) are kept, cut after redaction, so that no secret is cut into
 * something that redaction does not know.
 */
export function textFor<A extends Audience>(
  to: A,
  text: string,
  most = Number.POSITIVE_INFINITY,
): TextFor<A> {
  const clean = redact(text, to);
  return (clean.length > most ? clean.slice(0, most).replace(/[\uD800-\uDBFF]$/, "") : clean) as TextFor<A>;
}

/** Redacts every text of a record, keys included. Numbers stay: they are measurements by their schema. */
export function valueFor<A extends Audience, T>(to: A, value: T): ValueFor<A, T> {
  return redactRecord(value, to) as ValueFor<A, T>;
}

/**
 * Redacts the fields that hold words. The other ones are names, ids and times, by which a record is found again, or
 * people who are named on purpose. An empty list says that a record has no words.
 */
export function fieldsFor<A extends Audience, T extends object>(
  to: A,
  value: T,
  words: readonly (keyof T)[],
): ValueFor<A, T> {
  const clean = words
    .filter((field) => value[field] !== undefined)
    .map((field) => [field, valueFor(to, value[field])] as const);
  return { ...value, ...Object.fromEntries(clean) } as ValueFor<A, T>;
}

/**
 * Redacts a value and writes it as JSON. `shape` gets the redacted value and returns what is written: by its schema,
 * and with the ids that it is found by. Of a `free` value, which has no schema, numbers can be card numbers and what
 * stands under a name that says secret is a secret.
 */
export function jsonFor<A extends Audience>(
  to: A,
  value: unknown,
  { shape = (clean: unknown) => clean, indent = 0, free = false } = {},
): TextFor<A> {
  const clean = free ? redactDeep(value, to) : redactRecord(value, to);
  return JSON.stringify(shape(clean), null, indent) as TextFor<A>;
}

/** Writes a value that passed already as JSON, by its schema. */
export function jsonOf<A extends Audience, T>(
  value: ValueFor<A, T>,
  shape: (clean: T) => unknown = (clean) => clean,
): TextFor<A> {
  return JSON.stringify(shape(value)) as TextFor<A>;
}

/** Joins texts for one audience. */
export function joinedFor<A extends Audience>(texts: readonly TextFor<A>[], between = ""): TextFor<A> {
  return texts.join(between) as TextFor<A>;
}
