import type { ActionResult } from "../../domain/incident/incident.ts";

/** What became of an action that did not help. Plain text. */

/** Whether every step that takes the action back was made. */
export function isTakenBack({ undone }: ActionResult): boolean {
  return undone !== undefined && undone.length > 0 && undone.every((step) => step.outcome === "done");
}

/** What it did to the service, as verification says. */
function harmOf({ verification }: ActionResult): string {
  return verification?.outcome === "unchanged" ? "it did not help" : "it made things worse";
}

/** `taken back because it made things worse: <why>`, or why that did not succeed; undefined where it was not tried. */
export function undoneText(action: ActionResult): string | undefined {
  const { undone = [], verification } = action;
  if (undone.length === 0) return undefined;
  const why = verification && verification.outcome !== "recovered" ? `: ${verification.reason}` : "";
  if (isTakenBack(action)) return `taken back because ${harmOf(action)}${why}`;
  const failed = undone.find((step) => step.outcome !== "done");
  const problem =
    failed?.outcome === "unknown" ? "whether it was taken back is not known" : "it could not be taken back";
  return `${harmOf(action)}${why}; ${problem}: ${failed?.what ?? ""}, ${failed?.detail ?? ""}`;
}

/** The same with the steps instead of the reason, for where the reason stands beside it. */
export function undoneSteps(action: ActionResult): string | undefined {
  if (!isTakenBack(action)) return undoneText(action);
  const steps = action.undone?.map(({ what, detail }) => `${what} (${detail})`) ?? [];
  return `taken back because ${harmOf(action)}: ${steps.join("; ")}`;
}

/** What an earlier action of several came to, in two or three words. */
export function effectText(action: ActionResult): string | undefined {
  const { verification, undone = [] } = action;
  if (isTakenBack(action)) return "taken back";
  if (undone.length > 0 && verification?.outcome !== "unchanged") return "made things worse";
  switch (verification?.outcome) {
    case "unchanged":
      return "did not help";
    case "worse":
      return "made things worse";
    case "unknown":
      return "not proven";
    default:
      return undefined;
  }
}
