/** Case by case: truth, report, actions, and why it was judged wrong. Pure. */
import type { CaseRun, EvalReport } from "./eval-report.ts";
import { htmlValue } from "./page.ts";
import { dollarsText, percent, runName, secondsText } from "./words.ts";

/** The wrong ones first. Of the held-out half there are no runs. */
export function runsSection({ runs, repeat }: EvalReport): string {
  if (runs.length === 0) return "";
  const wrong = runs.filter(({ right }) => !right);
  const right = runs.filter((run) => run.right);
  return [
    `<section><h2>Case by case</h2>`,
    wrong.length === 0
      ? `<p class="note">No run was wrong.</p>`
      : `<h3>Wrong (${wrong.length})</h3>${wrong.map((run) => runHtml(run, repeat)).join("")}`,
    `<h3>Right (${right.length})</h3>${right.map((run) => runHtml(run, repeat)).join("")}`,
    "</section>",
  ].join("");
}

function runHtml(run: CaseRun, repeat: number): string {
  const mark = run.right ? '<span class="mark good">right</span>' : '<span class="mark bad">wrong</span>';
  const why = run.right ? (run.title ?? "") : run.reasons.join("; ");
  return [
    `<details><summary>${mark}${htmlValue(runName(run, repeat))} <span class="chip">${htmlValue(run.class)}</span>`,
    why === "" ? "" : `<span class="why">${htmlValue(why)}</span>`,
    `</summary><div>`,
    run.right || run.title === undefined ? "" : `<p class="note">${htmlValue(run.title)}</p>`,
    run.right
      ? ""
      : `<ul>${run.reasons.map((reason) => `<li class="bad">${htmlValue(reason)}</li>`).join("")}</ul>`,
    pairs(rowsOf(run)),
    run.said.evidence.length === 0
      ? ""
      : `<p class="note">It relied on</p><ul>${run.said.evidence.map((fact) => `<li>${htmlValue(fact)}</li>`).join("")}</ul>`,
    "</div></details>",
  ].join("");
}

function rowsOf(run: CaseRun): [string, string][] {
  const { truth, said, seconds, load, model, recovery } = run;
  return [
    ["true cause", truth.causes.join(" or ")],
    ["right action", truth.actions.join(" or ")],
    ["harmful", truth.harmful.join(", ") || "nothing"],
    ["named cause", `${said.cause}${said.rootCause === undefined ? "" : `: ${said.rootCause}`}`],
    ["action", `${said.action} (${GATES[run.gate]}), ended ${said.status}`],
    ...optional("confidence", confidence(run)),
    ...optional(
      "recovery",
      recovery &&
        `${recovery.claimed ? "claimed" : "not claimed"}, ${recovery.confirmed ? "confirmed" : "not confirmed"} by the sandbox`,
    ),
    ...optional(
      "evidence",
      run.evidenceCited === undefined
        ? undefined
        : run.evidenceCited
          ? "valid, not from logs alone"
          : "not valid, or from logs alone",
    ),
    ...optional("untold", run.untold?.join("; ") || undefined),
    ...optional("unnamed", run.unnamed?.join("; ") || undefined),
    ["seconds", timesText(seconds)],
    ...optional(
      "model",
      model &&
        `${model.slug}, ${model.inputTokens} tokens in, ${model.outputTokens} out, ${dollarsText(model.costUsd)}`,
    ),
    ...optional(
      "machine",
      load &&
        `sandbox at most ${load.loopDelayMaxMs} ms late${load.waitShare === undefined ? "" : `, ${percent(load.waitShare)} % of the time waiting for a processor`}${load.starved ? ": STARVED" : ""}${run.attempts > 1 ? "; second attempt" : ""}`,
    ),
  ];
}

const GATES: Readonly<Record<CaseRun["gate"], string>> = {
  act: "by itself",
  ask: "asked a person",
  decline: "declined",
  none: "no decision",
};

function confidence({ said: { stated, earned } }: CaseRun): string | undefined {
  if (stated === undefined) return undefined;
  return `stated ${percent(stated)} %${earned === undefined ? "" : `, earned ${percent(earned)} %`}`;
}

function timesText({ toAction, toRecovery, toEnd, total }: CaseRun["seconds"]): string {
  const parts: [string, number | undefined][] = [
    ["alarm to action", toAction],
    ["to recovery", toRecovery],
    ["to the end", toEnd],
    ["in all", total],
  ];
  return parts
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${secondsText(value)}`]))
    .join(", ");
}

function optional(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}

function pairs(rows: readonly (readonly [string, string])[]): string {
  return `<dl>${rows.map(([name, value]) => `<dt>${htmlValue(name)}</dt><dd>${htmlValue(value)}</dd>`).join("")}</dl>`;
}
