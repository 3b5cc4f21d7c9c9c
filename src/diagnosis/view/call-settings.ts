/** Changes of the settings about calls, which a release can have broken. */
import type { FactOf } from "../../domain/evidence.ts";
import type { EvidenceView } from "./evidence-view.ts";

/** Names of settings about calls: timeouts, retries and addresses. */
const CALL_SETTING = /time.?out|deadline|retr(y|ies)|attempts|_(url|uri|host|port|addr|dsn)\b|endpoint|pool/i;

/**
 * The deployment before the onset, if it added, removed or changed a setting about calls: the calls changed, not their target.
 */
export function callsChanged(view: EvidenceView): FactOf<"task-definition-diff"> | undefined {
  if (view.blamedDeployment === undefined) return undefined;
  const changed = view.diff?.data.changes.some(
    ({ what, before, after }) =>
      /environment|secret/.test(what) && CALL_SETTING.test(differing(what, before, after)),
  );
  return changed ? view.diff : undefined;
}

/** Names that are in only one of two lists, or have another value. */
function differing(what: string, before: string, after: string): string {
  if (/values|references/.test(what)) return before;
  const [old, now] = [before, after].map((names) => names.split(/[\s,]+/)) as [string[], string[]];
  return [...old.filter((name) => !now.includes(name)), ...now.filter((name) => !old.includes(name))].join(
    " ",
  );
}
