/** A number with its noun, such as `1 fact`, `2 facts`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
