/** Case files by their path. */
import { existsSync, readFileSync } from "node:fs";
import { OpsAgentError } from "../../domain/errors.ts";
import { CaseFile } from "../../domain/incident/case-file.ts";

/** Whether an argument names a file rather than an incident, whose ids have neither slashes nor dots. */
export function isCasePath(given: string): boolean {
  return /[/\\.]/.test(given) || existsSync(given);
}

/** Reads a case file. Throws `config-invalid` naming the first field that is wrong. */
export function readCaseFile(path: string): CaseFile {
  const read = CaseFile.safeParse(parse(path));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw unusable(path, `${issue?.path.join(".") || "the top"}: ${issue?.message ?? "not as it should be"}`);
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw unusable(path, cause instanceof Error ? cause.message : "not readable", cause);
  }
}

function unusable(path: string, why: string, cause?: unknown): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message: `The case file "${path}" cannot be used: ${why}`,
    remedy: "Write one with `opsagent export INCIDENT --out FILE`; docs/schemas/case.v1.json describes it.",
    cause,
  });
}
