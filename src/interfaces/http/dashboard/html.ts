import { html as honoHtml, raw } from "hono/html";
import { foldLine } from "../../../notification/text/fold-line.ts";

/** HTML that {@link html} or {@link trusted} made. */
export type Html = ReturnType<typeof raw>;

export type Part = Html | string | number | undefined | false | null | readonly Part[];

/** A template whose values are escaped unless they are {@link Html}. Text is folded to one visible line. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  // Only a value that is a promise makes hono answer with one.
  return honoHtml(strings, ...values.map(folded)) as Html;
}

/** Text that is HTML already. Only for what a renderer of ours has escaped. */
export const trusted = (text: string): Html => raw(text);

function folded(value: Part): unknown {
  if (typeof value === "string") return foldLine(value);
  if (Array.isArray(value)) return value.map(folded);
  // hono takes any object for HTML that says so of itself, as a stored record could; what it made itself is a String.
  return typeof value !== "object" || value instanceof String ? value : undefined;
}
