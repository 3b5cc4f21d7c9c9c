import { abstractPieces } from "./abstract.ts";
import { type Cluster, causesOf, piecesOf } from "./clusters.ts";
import { unfold } from "./lines/unfold.ts";
import { type Rendered, render } from "./render.ts";
import { createScanner } from "./scan.ts";
import type { LogLevel } from "./types.ts";
import { wordWeight } from "./vocabulary.ts";

const scan = createScanner();

/** Renders a cluster: its line, its trace's top own frame, its root cause. */
export function renderCluster(cluster: Cluster, level: LogLevel): Rendered {
  if (cluster.fixed !== undefined) return { template: cluster.fixed };
  const parts = [abstractPieces(cluster.pieces).join(" ")];
  if (cluster.traced) parts.push(frameToken(cluster.frame));
  if (cluster.detail !== "") parts.push(abstracted(cluster.detail));
  const [cause] = causesOf(cluster);
  if (cause !== undefined) parts.push("<cause>", abstracted(cause.text));
  const rendered = render(parts, level);
  return cluster.traced && rendered.signal === undefined ? { ...rendered, signal: "exception" } : rendered;
}

/** Renders a root cause alone. */
export function renderCause(text: string): Rendered {
  return render([abstracted(text)], "error");
}

function abstracted(line: string): string {
  const text = unfold(line);
  return abstractPieces(piecesOf(scan(text), text)).join(" ");
}

/** `OrderPool.acquireConnection` becomes `<frame:pool-connection>`: at most two known words of a frame's name. */
function frameToken(frame: string): string {
  const words = (frame.replace(/\(.*$/, "").match(/[A-Z]?[a-z]+/g) ?? [])
    .map((word) => word.toLowerCase())
    .filter((word) => wordWeight(word) !== undefined)
    .slice(-2);
  return words.length === 0 ? "<frame>" : `<frame:${words.join("-")}>`;
}
