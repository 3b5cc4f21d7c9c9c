/** The dimensions on which all metrics of an alarm agree; one that they disagree on is left out. */
export function agreedDimensions(
  all: readonly { readonly name: string; readonly value: string }[],
): Record<string, string> {
  const values = new Map<string, Set<string>>();
  for (const { name, value } of all) values.set(name, (values.get(name) ?? new Set()).add(value));
  const agreed: Record<string, string> = {};
  for (const [name, seen] of values) {
    const [only] = seen;
    if (seen.size === 1 && only !== undefined) agreed[name] = only;
  }
  return agreed;
}
