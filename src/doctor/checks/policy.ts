import { policyLines } from "../../policy/policy-file.ts";
import { permissionsText } from "../../policy/policy-text.ts";
import { warningsOf } from "../../policy/policy-warnings.ts";
import { type Check, failed, ok, warning } from "../check.ts";

const REMEDY = "Correct the line; `opsagent policy check FILE` explains the whole file.";

export const policy: Check = {
  id: "policy",
  area: "configuration",
  does: "The policy file is valid (each problem with its line), and nothing in it is probably not meant.",
  remedy: REMEDY,
  atStart: true,
  async run({ given, configured }) {
    const problems = given.problems.policy;
    if (problems.length > 0) return problems.map((problem) => failed(problem, REMEDY));
    const { config, ports } = configured();
    const file = config.policyFile;
    const lineOf = policyLines(given.policyText ?? "");
    const now = ports.now().toISOString();
    const found = warningsOf(config.policy, { ceiling: config.mode, now });
    // A ceiling by OPSAGENT_MODE is a choice, not a mistake in the file.
    const warnings = found.filter(({ path }) => path.length > 0);
    if (warnings.length > 0) {
      return warnings.map(({ path, message }) =>
        warning(
          `${file ?? "policy"}${line(lineOf(path))}: ${path.map(String).join(".")}: ${message}`,
          "Change it if it is not meant; `opsagent policy explain --service NAME` says what follows.",
        ),
      );
    }
    const permits = permissionsText(config.policy, config.mode, now)
      .slice(0, 3)
      .map((words) => words.replace(/ {2,}/, " "))
      .join("; ");
    return file === undefined
      ? ok(`no policy file, so the defaults hold: ${permits}`)
      : ok(`${file} is valid: ${permits}`);
  },
};

function line(number: number | undefined): string {
  return number === undefined ? "" : `:${number}`;
}
