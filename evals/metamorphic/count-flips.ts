/** Flips as counts a variation, for the report. Pure. */
import type { VariationCount } from "../report/eval-report.ts";
import type { Flip, FlipKind } from "./flips.ts";

/** One count a variation, by name, and one of `all`. */
export function countFlips(flips: readonly Flip[], judged: readonly string[]): VariationCount[] {
  const names = [...new Set(judged)].toSorted();
  const count = (variation: string, own: readonly Flip[], of: number): VariationCount => {
    const number = (kind: FlipKind) => own.filter((flip) => flip.kind === kind).length;
    return {
      variation,
      judged: of,
      opposite: number("opposite"),
      bolder: number("bolder"),
      harm: number("harm"),
    };
  };
  return [
    ...names.map((name) =>
      count(
        name,
        flips.filter(({ variation }) => variation === name),
        judged.filter((variation) => variation === name).length,
      ),
    ),
    count("all", flips, judged.length),
  ];
}
