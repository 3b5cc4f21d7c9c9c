/** HTML by a template whose values are text unless they are HTML already: nothing is forgotten to be escaped. */
import { htmlValue } from "../../pipeline/report/html-text.ts";

const MARK = Symbol("html");

/** Made by {@link html} and {@link trusted} only, so that no record from a store can pass for it. */
export interface Html {
  readonly [MARK]: string;
}

export type Part = Html | string | number | undefined | false | null | readonly Part[];

export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const text = strings.map((string, index) => string + (index < values.length ? part(values[index]) : ""));
  return { [MARK]: text.join("") };
}

/** Text that is HTML already. Only for what a renderer of ours has escaped. */
export function trusted(text: string): Html {
  return { [MARK]: text };
}

export function textOf(page: Html): string {
  return page[MARK];
}

function part(value: Part): string {
  if (value === undefined || value === false || value === null) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return htmlValue(value);
  if (Array.isArray(value)) return value.map(part).join("");
  return (value as Html)[MARK];
}
