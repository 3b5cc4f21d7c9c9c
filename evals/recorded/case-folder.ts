/**
 * Case files with their truth as recorded cases: `opsagent export INCIDENT --truth CAUSE --out evals/cases/NAME.json`
 * makes one. The file has the evidence, the policy and the earlier actions.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { ModelClient } from "../../src/diagnosis/ports.ts";
import { Action } from "../../src/domain/cause.ts";
import { CaseFile, type CaseTruth } from "../../src/domain/incident/case-file.ts";
import { decide } from "../../src/remediation/decide.ts";
import { matrixRule } from "../../src/remediation/remedies.ts";
import type { HalfCase } from "../scenarios/index.ts";
import type { Truth } from "../scenarios/types.ts";
import { NoVerdict, type Verdict } from "./judge.ts";

/** A case that is a file. */
export interface FolderCase extends Omit<HalfCase, "world" | "half"> {
  readonly file: CaseFile;
}

/** As {@link Verdict}, of a case from a folder. */
export interface FolderVerdict extends Omit<Verdict, "one"> {
  readonly one: FolderCase;
}

/**
 * Reads the case files of a folder, ordered by name; none where there is no such folder. Throws for a file that is no
 * case file, or one without `truth`.
 */
export function readCaseFolder(folder: string): FolderCase[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => readCase(join(folder, name)));
}

function readCase(path: string): FolderCase {
  const read = CaseFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(`${path} is no case file: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { truth } = read.data;
  if (truth === undefined) {
    throw new Error(`${path} does not say what is true of it: export it with --truth CAUSE.`);
  }
  const [of = "unknown"] = truth.causes;
  const name = basename(path, ".json");
  return {
    name,
    of,
    story: `exported: ${name}`,
    why: "a person says so",
    truth: truthOf(truth),
    file: read.data,
  };
}

/**
 * Completes the truth. What the file leaves out follows from the cause × action matrix: an action that cures none of
 * the causes is harmful; every other action, none, and any decision are acceptable.
 */
export function truthOf({ causes, actions, harmful, decisions }: CaseTruth): Truth {
  const cures = Action.options.filter(
    (action) => action === "none" || causes.some((cause) => matrixRule(cause, action) !== "refuse"),
  );
  const accepted = actions ?? cures;
  return {
    causes,
    actions: accepted,
    harmful: harmful ?? Action.options.filter((action) => !cures.includes(action)),
    decisions: decisions ?? ["act", "ask", "decline"],
  };
}

/** Judges the first round of a case. Throws {@link NoVerdict} when a model gives none. */
export async function judgeFolderCase(one: FolderCase, model?: () => ModelClient): Promise<FolderVerdict> {
  const { alert, target, policy, ceiling, history, incidentId, rounds } = one.file;
  const [round] = rounds;
  if (round === undefined) throw new Error(`${one.name} has no evidence.`);
  const { evidence, decidedAt } = round;
  const diagnosed = await diagnose({
    alert,
    evidence,
    diagnoser: model === undefined ? "rules" : "model",
    model,
  });
  const { diagnosis, secondOpinion, modelFailure, usage } = diagnosed;
  if (modelFailure !== undefined) throw new NoVerdict(modelFailure, usage);
  const decision = decide({
    diagnosis,
    secondOpinion,
    evidence,
    target,
    policy,
    ceiling,
    history: history.filter((past) => past.at <= decidedAt),
    now: decidedAt,
    incidentId,
  });
  const action = decision.kind === "decline" ? "none" : decision.action;
  const { causes, actions, harmful, decisions } = one.truth;
  return {
    one,
    rightCause: causes.includes(diagnosis.cause),
    rightAction: actions.includes(action),
    rightDecision: decisions.includes(decision.kind),
    harm: harmful.includes(action) ? (decision.kind === "act" ? "acted" : "asked") : "none",
    abstentionDue: one.of === "unknown",
    abstained: diagnosis.cause === "unknown",
    diagnosis,
    decision,
    evidence,
    usage,
  };
}
