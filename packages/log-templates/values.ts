import { HIDDEN_WORD, typeOf } from "./abstract.ts";
import { type Cluster, MOST_VALUES, piecesOf } from "./clusters.ts";
import { readEntry } from "./lines/entry.ts";
import { unfold } from "./lines/unfold.ts";
import { createScanner, type Scan, VARIABLE } from "./scan.ts";
import type { PlaceholderValues } from "./types.ts";

const MOST_PLACEHOLDERS = 8;
const NUMERIC: ReadonlySet<string> = new Set(["<num>", "<duration>", "<size>", "<percent>"]);
/** A number with at most a short unit: nobody can write a sentence with it. */
const NUMBER = /^[-+]?\d{1,15}(?:[.,]\d{1,6})?(?:[a-zµ]{1,4}|%)?$/i;

/** Remembers the values that the placeholders of a line stand for, as hashes. */
export function countValues(cluster: Cluster, scan: Scan, text: string): void {
  const { pieces, values } = cluster;
  if (pieces.length !== scan.count) return;
  for (let i = 0; i < pieces.length; i++) {
    if (pieces[i]?.varies !== true) continue;
    values[i] ??= new Set();
    const known = values[i] as Set<number>;
    if (known.size < MOST_VALUES) known.add(hashOf(text, scan.starts[i] ?? 0, scan.ends[i] ?? 0));
  }
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

const scan = createScanner();

/** Returns how many values each placeholder stood for, and between which numbers it moved. */
export function valuesOf(cluster: Cluster): PlaceholderValues[] {
  const first = textsOf(cluster.oldest, cluster);
  const last = textsOf(cluster.newest, cluster);
  return cluster.pieces
    .flatMap((piece, i): PlaceholderValues[] => {
      const distinct = cluster.values[i]?.size ?? 0;
      if (!piece.varies || distinct === 0) return [];
      const token = piece.kind === VARIABLE ? typeOf(piece.text) : HIDDEN_WORD;
      const [from, to] = [first?.[i] ?? "", last?.[i] ?? ""];
      const moves = NUMERIC.has(token) && NUMBER.test(from) && NUMBER.test(to);
      return [{ placeholder: token, distinct, ...(moves ? { first: from, last: to } : {}) }];
    })
    .slice(0, MOST_PLACEHOLDERS);
}

function textsOf(raw: string, { pieces }: Cluster): string[] | undefined {
  const [line = ""] = readEntry(raw).text.split("\n", 1);
  const text = unfold(line);
  const found = piecesOf(scan(text), text);
  return found.length === pieces.length ? found.map((piece) => piece.text) : undefined;
}
