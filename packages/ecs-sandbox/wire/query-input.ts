/**
 * Folds the flat form of AWS Query into objects and arrays: `A.member.1`, `A.1` become lists and
 * `A.entry.1.key` + `A.entry.1.value` become an object. Values stay strings.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function foldForm(fields: URLSearchParams): Record<string, unknown> {
  const root = new Node();
  for (const [path, value] of fields) {
    if (path === "Action" || path === "Version") continue;
    root.at(path.split(".")).value = value;
  }
  const folded = root.fold();
  return typeof folded === "object" && folded !== null && !Array.isArray(folded)
    ? (folded as Record<string, unknown>)
    : {};
}

class Node {
  value: string | undefined;
  readonly children = new Map<string, Node>();

  at(path: readonly string[]): Node {
    const [head, ...rest] = path;
    if (head === undefined) return this;
    const child = this.children.get(head) ?? new Node();
    this.children.set(head, child);
    return child.at(rest);
  }

  fold(): unknown {
    if (this.children.size === 0) return this.value;
    const only = this.children.size === 1 ? [...this.children.entries()][0] : undefined;
    if (only?.[0] === "member") return only[1].foldItems();
    if (only?.[0] === "entry") return foldEntries(only[1].foldItems());
    if ([...this.children.keys()].every((key) => /^[1-9]\d*$/.test(key))) return this.foldItems();
    return Object.fromEntries([...this.children].map(([key, child]) => [key, child.fold()]));
  }

  foldItems(): unknown[] {
    return [...this.children]
      .sort(([left], [right]) => Number(left) - Number(right))
      .map(([, child]) => child.fold());
  }
}

function foldEntries(entries: readonly unknown[]): Record<string, unknown> {
  const pairs: [string, unknown][] = [];
  for (const entry of entries) {
    const pair = entry as Record<string, unknown>;
    pairs.push([String(pair["key"] ?? pair["Name"]), pair["value"] ?? pair["Value"]]);
  }
  return Object.fromEntries(pairs);
}
