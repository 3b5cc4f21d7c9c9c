/** The fault library as a list. Pure. */
import { CAUSES, type Cause } from "../src/domain/cause.ts";
import type { ListedFault } from "./fault-files.ts";

/** Groups faults by class, in the order of the closed list of causes. */
export function faultsByClass(faults: readonly ListedFault[]): [Cause, ListedFault[]][] {
  const classes = Object.keys(CAUSES) as Cause[];
  return classes.flatMap((cause): [Cause, ListedFault[]][] => {
    const own = faults.filter(({ causes }) => causes[0] === cause);
    return own.length === 0 ? [] : [[cause, own]];
  });
}

/** One line a fault, under a line for its class. */
export function faultListText(faults: readonly ListedFault[]): string {
  const width = Math.max(...faults.map(({ name }) => name.length)) + 2;
  const groups = faultsByClass(faults).map(([cause, own]) =>
    [cause, ...own.map(({ name, title }) => `  ${name.padEnd(width)}${title}`)].join("\n"),
  );
  return [...groups, `${faults.length} faults. Run one: opsagent drill NAME`].join("\n\n");
}

/** Returns the text for an unknown fault, with the most similar names. */
export function unknownFaultText(name: string, faults: readonly ListedFault[]): string {
  const words = name.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  const isLike = (text: string) => words.some((word) => text.includes(word.slice(0, 4)));
  const byName = faults.filter((fault) => isLike(fault.name));
  const alike = byName.length > 0 ? byName : faults.filter(({ causes }) => isLike(causes[0] ?? ""));
  const shown = alike.slice(0, 6).map((fault) => fault.name);
  const hint = shown.length === 0 ? "" : ` Like it: ${shown.join(", ")}.`;
  return `there is no fault "${name}".${hint} opsagent drill --list names all of them.`;
}
