import { readFileSync } from "node:fs";
import type { Check } from "../../../doctor/check.ts";
import { createExamination, type Given } from "../../../doctor/examination.ts";
import { CHECKS } from "../../../doctor/registry.ts";
import { runChecks } from "../../../doctor/run-checks.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import { VERSION } from "../../../version.ts";
import { composeDoctor } from "../../../wiring/compose-doctor.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { EXIT } from "../exit-code.ts";
import { complain, print, printJson } from "../terminal.ts";
import type { DoctorFlags } from "./doctor-flags.ts";
import { reportText } from "./doctor-report.ts";
import { askNewestVersion } from "./newest-version.ts";

/** Runs the checks and prints what they found. Returns 0, or 1 when something failed. Throws `config-invalid`. */
export async function doctorCommand(flags: DoctorFlags): Promise<number> {
  const checks = chosen(flags.only);
  if (!flags.json && process.stderr.isTTY) complain("Looking; this takes some seconds.\n");
  const examination = createExamination(whatIsGiven(flags));
  const report = await runChecks(checks, examination);
  if (flags.json) printJson({ schemaVersion: 1, ...report });
  else print(reportText(report, process.stdout.columns));
  return report.ok ? EXIT.done : EXIT.failed;
}

function chosen(only: string | undefined): readonly Check[] {
  if (only === undefined) return CHECKS;
  const wanted = only.split(",").map((id) => id.trim());
  const unknown = wanted.filter((id) => !CHECKS.some((check) => check.id === id));
  if (unknown.length === 0) return CHECKS.filter(({ id }) => wanted.includes(id));
  throw new OpsAgentError({
    code: "config-invalid",
    message: `There is no check ${unknown.map((id) => `"${id}"`).join(", ")}.`,
    remedy: `The checks are ${CHECKS.map(({ id }) => id).join(", ")}.`,
  });
}

/** A policy file with mistakes does not keep the rest from being checked: the defaults stand in for it. */
function whatIsGiven({ service, agent, newest, post }: DoctorFlags): Given {
  const whole = readConfig();
  const withoutPolicy = whole.ok ? whole : readConfig({ overrides: { OPSAGENT_POLICY: undefined } });
  const all = whole.ok ? [] : whole.problems;
  const environment = withoutPolicy.ok ? [] : withoutPolicy.problems;
  const config = withoutPolicy.ok ? withoutPolicy.config : undefined;
  return {
    nodeVersion: process.version,
    version: VERSION,
    problems: { environment, policy: all.filter((problem) => !environment.includes(problem)) },
    configured: config && { config, ports: composeDoctor(config) },
    policyText: whole.ok ? textOf(whole.config.policyFile) : undefined,
    service,
    agentAddress: agent,
    newestVersion: newest === undefined ? undefined : () => askNewestVersion(newest),
    post,
  };
}

function textOf(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, "utf8");
}
