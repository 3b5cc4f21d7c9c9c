import type { Edge } from "./input.ts";
import { type Began, order } from "./order.ts";

/** A service with a fault of its own signs. */
export interface Anomaly extends Began {
  readonly service: string;
}

/** The fault of `caller` is explained by that of `callee`; `through` are services between them that are not measured. */
export interface Explanation {
  readonly caller: string;
  readonly callee: string;
  readonly through: readonly string[];
  /** Whether the callee began first, or both within one period. */
  readonly order: "before" | "same";
  readonly sources: readonly string[];
}

/** What of the services an explanation may go through, and along which edges. */
export interface Graph {
  readonly edges: readonly Edge[];
  readonly isMeasured: (service: string) => boolean;
}

/**
 * Every explanation of a caller's fault by a callee's: the callee is anomalous, began no later, and a path of trusted
 * edges leads to it through nothing but services without data. A healthy service between them passes nothing on.
 * Source: the order of onsets along dependencies is that of FChain (Nguyen, Shen, Tan & Gu 2013, "FChain: toward
 * black-box online fault localization for cloud systems"), the walk to the last anomalous service that of CauseInfer
 * (Chen, Qi, Zheng & Hou 2014).
 */
export function explanations(anomalies: ReadonlyMap<string, Anomaly>, graph: Graph): Explanation[] {
  const out = calleesOf(graph.edges.filter(({ trust }) => trust === "trusted"));
  return [...anomalies.values()].flatMap((caller) => {
    const reached = new Map<string, { readonly through: string[]; readonly sources: string[] }>();
    let frontier = [{ service: caller.service, through: [] as string[], sources: [] as string[] }];
    const found: Explanation[] = [];
    while (frontier.length > 0) {
      const next: typeof frontier = [];
      for (const { service, through, sources } of frontier) {
        for (const { to, source } of out.get(service) ?? []) {
          if (to === caller.service || reached.has(to)) continue;
          const path = { through, sources: [...sources, source] };
          reached.set(to, path);
          const callee = anomalies.get(to);
          if (callee) {
            const callees = order(callee, caller);
            if (callees !== "after")
              found.push({ caller: caller.service, callee: to, order: callees, ...path });
          } else if (!graph.isMeasured(to)) {
            next.push({ service: to, through: [...through, to], sources: path.sources });
          }
        }
      }
      frontier = next;
    }
    return found;
  });
}

/** The services whose faults explain that of `service`, directly or further on; not itself. */
export function reachable(service: string, why: readonly Explanation[]): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const { caller, callee } of why) next.set(caller, [...(next.get(caller) ?? []), callee]);
  const seen = new Set<string>();
  const open = [service];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const to of next.get(at) ?? []) {
      if (to === service || seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

/** Trusted callees by caller, in the order of names: the order of the edges in the file does not matter. */
function calleesOf(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const sorted = [...edges].sort((a, b) => compare(a.to, b.to) || compare(a.source, b.source));
  const out = new Map<string, Edge[]>();
  for (const edge of sorted) {
    const own = out.get(edge.from) ?? [];
    own.push(edge);
    out.set(edge.from, own);
  }
  return out;
}

/** Orders names by their code units. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
