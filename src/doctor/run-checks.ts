/** Runs checks in parallel, each with its own time limit, and collects their findings. */

import { asOpsAgentError } from "../domain/errors.ts";
import { textFor } from "../domain/exit.ts";
import type { Area, Check, Finding, Status } from "./check.ts";
import type { Examination } from "./examination.ts";
import { NotCheckable } from "./not-checkable.ts";

/** One line of the report. `id` and `subject` together are unique. */
export interface Result extends Finding {
  readonly id: string;
  readonly area: Area;
}

export interface Report {
  /** False when a check failed; warnings do not count. */
  readonly ok: boolean;
  readonly counts: Readonly<Record<Status, number>>;
  readonly results: readonly Result[];
  readonly milliseconds: number;
}

/** A check that has not answered by then has failed. Milliseconds. */
const CHECK_MS = 45_000;

/** Returns results in the order of the checks. Never throws. */
export async function runChecks(
  checks: readonly Check[],
  examination: Examination,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Report> {
  const started = performance.now();
  const results = (await Promise.all(checks.map((check) => runCheck(check, examination, options)))).flat();
  const counts = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { status } of results) counts[status] += 1;
  const milliseconds = Math.round(performance.now() - started);
  return { ok: counts.failed === 0, counts, results, milliseconds };
}

async function runCheck(
  check: Check,
  examination: Examination,
  { timeoutMs = CHECK_MS, signal: outer }: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
): Promise<Result[]> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = outer === undefined ? timeout : AbortSignal.any([timeout, outer]);
  const found = await Promise.race([asFindings(check, examination, signal), late(check, signal, timeoutMs)]);
  return found.map((finding) => ({ id: check.id, area: check.area, ...clean(finding) }));
}

async function asFindings(check: Check, examination: Examination, signal: AbortSignal): Promise<Finding[]> {
  try {
    const found = await check.run(examination, { signal });
    return Array.isArray(found) ? [...found] : [found as Finding];
  } catch (thrown) {
    if (thrown instanceof NotCheckable) {
      const { message, remedy } = thrown;
      return [{ status: "skipped", seen: message, ...(remedy === undefined ? {} : { remedy }) }];
    }
    const { message, remedy, code } = asOpsAgentError(thrown);
    const seen = code === "internal" ? `The check itself failed: ${message}` : message;
    return [{ status: "failed", seen, remedy: code === "internal" ? REPORT : remedy }];
  }
}

const REPORT = "This is a fault in OpsAgent: report it with the output of `opsagent doctor --json`.";

function late(check: Check, signal: AbortSignal, timeoutMs: number): Promise<Finding[]> {
  return new Promise((resolve) => {
    signal.addEventListener(
      "abort",
      () =>
        resolve([
          { status: "failed", seen: `No answer within ${timeoutMs / 1000} s.`, remedy: check.remedy },
        ]),
      { once: true },
    );
  });
}

/** Redacts untrusted text (names, messages of servers). */
function clean(finding: Finding): Finding {
  const { status, subject, seen, remedy } = finding;
  return {
    status,
    ...(subject === undefined ? {} : { subject: textFor("export", subject) }),
    seen: textFor("export", seen),
    ...(remedy === undefined ? {} : { remedy }),
  };
}
