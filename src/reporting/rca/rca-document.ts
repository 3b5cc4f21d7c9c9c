/** A written report before it has a format: plain text throughout, which each renderer escapes in its own way. */

export type RcaBlock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pairs"; readonly pairs: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | {
      readonly kind: "table";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: "log"; readonly lines: readonly string[] };

export interface RcaSection {
  /** Unique in the document; the anchor in HTML. */
  readonly id: string;
  readonly heading: string;
  /** Given for the look after the first, whose fact ids are its own. */
  readonly look?: "second";
  readonly blocks: readonly RcaBlock[];
}

export interface RcaDocument {
  readonly title: string;
  readonly status: string;
  readonly sections: readonly RcaSection[];
}

export const text = (value: string): RcaBlock => ({ kind: "text", text: value });

/** Pairs whose value is known. */
export function pairs(entries: readonly (readonly [name: string, value: string | undefined])[]): RcaBlock {
  return {
    kind: "pairs",
    pairs: entries.flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  };
}

/** A list, or a sentence in its place when there is nothing to list. */
export function list(items: readonly string[], none: string): RcaBlock {
  return items.length > 0 ? { kind: "list", items } : text(none);
}

/** A table, or a sentence in its place when it has no rows. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): RcaBlock {
  return rows.length > 0 ? { kind: "table", columns, rows } : text(none);
}
