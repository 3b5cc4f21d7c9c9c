/** A number with its noun, such as `1 fact`, `2 facts`; `many` where the plural is not the noun with an s. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
