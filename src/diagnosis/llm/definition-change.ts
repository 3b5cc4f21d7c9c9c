/** The prompt's text of one difference between two task definitions: its kind and its numbers. */
import { untrustedName, untrustedText, versionOf } from "./untrusted-text.ts";

interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Names, images and commands are chosen by whoever registers a definition, so only their form is shown. */
export function definitionChange({ what, before, after }: Change): string {
  const kind = KINDS.find((known) => what === known || what.endsWith(` ${known}`)) ?? untrustedName(what);
  if (kind === "image") return `image: ${imageChange(before, after)}`;
  if (VALUES.has(kind)) return `${kind}: ${before.split(", ").length} have another value`;
  if (kind.endsWith(" names")) return `${kind}: ${listChange(before, after)}`;
  const [from, to] = [changedValue(before), changedValue(after)];
  return `${kind}: ${from === to ? "changed" : `${from} -> ${to}`}`;
}

/** Which settings have another value; their names are chosen by whoever registers a definition. */
const VALUES = new Set(["environment values", "secret references"]);

/** A kind stands before the kinds that its name ends with. */
const KINDS = [
  "memory reservation",
  "environment names",
  "environment values",
  "secret names",
  "secret references",
  "task memory",
  "task cpu",
  "health check",
  "command",
  "memory",
  "image",
  "ports",
  "cpu",
];

/** Numbers as they are, words only from the closed vocabulary. */
export function changedValue(text: string): string {
  if (text === "none" || /^[\d., ]{1,60}(?:MiB|GB|vCPU)?$/.test(text)) return text;
  const numbers = text.match(/(?<![\w.])\d{1,5}(?![\w.])/g)?.slice(0, 4) ?? [];
  return `${untrustedText(text)}${numbers.length > 0 ? ` (numbers: ${numbers.join(", ")})` : ""}`;
}

function imageChange(before: string, after: string): string {
  const [old, current] = [split(before), split(after)];
  const where = old.repository === current.repository ? "same repository" : "another repository";
  return `${where}, ${versionOf(old.tag)} -> ${versionOf(current.tag)}${old.tag === current.tag ? "" : " (differs)"}`;
}

function split(image: string): { repository: string; tag: string } {
  const match = /^(.*?)[:@]((?:sha256:)?[^/:@]*)$/.exec(image);
  return { repository: match?.[1] ?? image, tag: match?.[2] ?? "latest" };
}

function listChange(before: string, after: string): string {
  const items = (text: string) => new Set(text === "none" ? [] : text.split(", "));
  const [old, current] = [items(before), items(after)];
  const listed = (names: readonly string[]) =>
    names.slice(0, 4).map(untrustedName).join(", ") + (names.length > 4 ? ", ..." : "");
  const added = [...current].filter((name) => !old.has(name));
  const removed = [...old].filter((name) => !current.has(name));
  return [
    ...(added.length > 0 ? [`${added.length} added: ${listed(added)}`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed: ${listed(removed)}`] : []),
  ].join("; ");
}
