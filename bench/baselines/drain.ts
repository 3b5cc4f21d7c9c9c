/**
 * Drain, as published: He, Zhu, Zheng, Lyu, "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017
 * (https://doi.org/10.1109/ICWS.2017.13). Written from the paper as a baseline; not used by OpsAgent.
 */
export interface DrainCluster {
  template: string[];
  size: number;
}

export interface DrainOptions {
  /** Depth of the parse tree, root and leaves included. */
  readonly depth?: number;
  readonly similarity?: number;
  readonly maxChildren?: number;
}

interface Node {
  readonly children: Map<string, Node>;
  readonly clusters: DrainCluster[];
}

const WILDCARD = "<*>";
/**
 * Preprocessing by masks (section III-B). The paper's own are for its five data sets; these are the general ones that
 * Drain3, its maintained implementation, gives as an example. As there, a mask has a name and counts as a word that is
 * equal, which makes Drain more accurate than the paper's unnamed wildcard does
 * (https://github.com/logpai/Drain3/blob/master/examples/drain3.ini).
 */
const MASKS: readonly (readonly [mask: RegExp, token: string])[] = [
  [/(?<=[^A-Za-z0-9]|^)(?:[0-9a-f]{2,}:){3,}[0-9a-f]{2,}(?=[^A-Za-z0-9]|$)/g, "<:ID:>"],
  [/(?<=[^A-Za-z0-9]|^)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?=[^A-Za-z0-9]|$)/g, "<:IP:>"],
  [/(?<=[^A-Za-z0-9]|^)(?:[0-9a-f]{6,} ?){3,}(?=[^A-Za-z0-9]|$)/g, "<:SEQ:>"],
  [/(?<=[^A-Za-z0-9]|^)(?:[0-9A-F]{4} ?){4,}(?=[^A-Za-z0-9]|$)/g, "<:SEQ:>"],
  [/(?<=[^A-Za-z0-9]|^)0x[a-f0-9A-F]+(?=[^A-Za-z0-9]|$)/g, "<:HEX:>"],
  [/(?<=[^A-Za-z0-9]|^)[-+]?\d+(?=[^A-Za-z0-9]|$)/g, "<:NUM:>"],
];

const newNode = (): Node => ({ children: new Map(), clusters: [] });
const hasDigit = (token: string): boolean => /\d/.test(token);

export function createDrain({ depth = 4, similarity = 0.4, maxChildren = 100 }: DrainOptions = {}): {
  add(content: string): DrainCluster;
} {
  const root = newNode();

  /** Section III-C: by length, then by the first tokens, of which depth 4 takes one in the authors' code; one with digits is a wildcard. */
  function leafOf(tokens: readonly string[]): Node {
    let node = child(root, String(tokens.length));
    for (const token of tokens.slice(0, depth - 3)) {
      const known = node.children.get(token);
      if (known !== undefined) node = known;
      else if (hasDigit(token) || node.children.size >= maxChildren - 1) node = child(node, WILDCARD);
      else node = child(node, token);
    }
    return node;
  }

  return {
    add(content) {
      const masked = MASKS.reduce((text, [mask, token]) => text.replace(mask, token), content);
      const tokens = masked.split(/\s+/).filter((token) => token !== "");
      const leaf = leafOf(tokens);
      const best = mostSimilar(leaf.clusters, tokens, similarity);
      if (best === undefined) {
        const cluster = { template: [...tokens], size: 1 };
        leaf.clusters.push(cluster);
        return cluster;
      }
      best.size++;
      for (let i = 0; i < tokens.length; i++) if (best.template[i] !== tokens[i]) best.template[i] = WILDCARD;
      return best;
    },
  };
}

function child(node: Node, key: string): Node {
  const known = node.children.get(key);
  if (known !== undefined) return known;
  const made = newNode();
  node.children.set(key, made);
  return made;
}

/** Section III-D: the share of equal tokens; between equals the one with more parameters. */
function mostSimilar(
  clusters: readonly DrainCluster[],
  tokens: readonly string[],
  threshold: number,
): DrainCluster | undefined {
  let best: DrainCluster | undefined;
  let bestScore = -1;
  let bestParameters = -1;
  for (const cluster of clusters) {
    let equal = 0;
    let parameters = 0;
    for (let i = 0; i < tokens.length; i++) {
      if (cluster.template[i] === WILDCARD) parameters++;
      else if (cluster.template[i] === tokens[i]) equal++;
    }
    const score = tokens.length === 0 ? 1 : equal / tokens.length;
    if (score > bestScore || (score === bestScore && parameters > bestParameters)) {
      best = cluster;
      bestScore = score;
      bestParameters = parameters;
    }
  }
  return bestScore >= threshold ? best : undefined;
}
