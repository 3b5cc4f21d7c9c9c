import { foldLine } from "./fold-line.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A value on one line for HTML's text and quoted attributes. */
export function htmlValue(text: string): string {
  return foldLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
