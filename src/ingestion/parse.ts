import type { z } from "zod";

/** A part of an event that could not be read. `path` leads to the bad field, as in `Records[0].Sns.Message`. */
export interface Unreadable {
  readonly path: string;
  readonly message: string;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Unreadable };

/** Parses with a schema; a failure keeps the path of the first bad field below `at`. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, at: string): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  return {
    ok: false,
    problem: { path: joinPath(at, issue?.path ?? []), message: issue?.message ?? "not readable" },
  };
}

/** Parses JSON text; a failure names the path where the text stood. */
export function parseJson(text: string, at: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : "not JSON";
    return { ok: false, problem: { path: at || "(event)", message: `not valid JSON: ${why.slice(0, 200)}` } };
  }
}

function joinPath(base: string, path: readonly PropertyKey[]): string {
  const joined = path.reduce<string>(
    (sofar, part) =>
      typeof part === "number"
        ? `${sofar}[${part}]`
        : sofar === ""
          ? String(part)
          : `${sofar}.${String(part)}`,
    base,
  );
  return joined || "(event)";
}
