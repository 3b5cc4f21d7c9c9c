import type { Cause } from "../../../domain/cause.ts";
import type { RuleResult } from "../../../domain/decision.ts";
import { frozenText } from "../../../domain/freeze.ts";
import type { PolicyState } from "../../../domain/policy-state.ts";
import type { CauseExplanation, PolicyExplanation } from "../../../policy/explain.ts";
import { explainService, UNKNOWN_CLUSTER } from "../../../reporting/overview/explain-service.ts";
import type { Config } from "../../../wiring/config.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { wirePolicy } from "../../../wiring/wire-policy.ts";
import { EXIT } from "../exit-code.ts";
import { storeExists, withStore } from "../open-store.ts";
import { columns, wrap } from "../plain-text.ts";
import { print, printJson, usableConfig } from "../terminal.ts";

/** Says what the policy allows on a service, from the configuration and what the store knows. Throws `config-invalid`. */
export async function explainCommand(options: {
  service: string;
  cluster?: string;
  cause?: Cause;
  at?: string;
  policy?: string;
  json?: boolean;
}): Promise<number> {
  const overrides = options.policy === undefined ? {} : { OPSAGENT_POLICY: options.policy };
  const config = usableConfig(readConfig({ overrides }));
  const { policy, problem } = await policyOfNow(config);
  const explanation = await explainService({
    policy,
    policyProblem: problem,
    ceiling: config.mode,
    service: options.service,
    cluster: options.cluster ?? config.cluster,
    cause: options.cause,
    at: options.at ?? new Date().toISOString(),
    pauses: storeExists() ? (now) => withStore((store) => store.pauses(now)) : undefined,
    actionsSince: storeExists() ? (since) => withStore((store) => store.actionsSince(since)) : undefined,
  });
  if (options.json) printJson(explanation);
  else print(render(explanation));
  return EXIT.done;
}

/** The policy file, or without one what is published in the store, as the agent would go by it. */
function policyOfNow(config: Config): Promise<PolicyState> {
  const newestPolicy = async () => (storeExists() ? withStore((store) => store.newestPolicy()) : undefined);
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  return wirePolicy(config, { store: { newestPolicy }, logger }).current();
}

function render(explanation: PolicyExplanation): string {
  const { target, at, rules, nextFreeze, actions, limits, approvals, history, causes } = explanation;
  const where = target.cluster === UNKNOWN_CLUSTER ? "" : ` in cluster ${target.cluster}`;
  const freeze =
    nextFreeze === undefined ? "No freeze is coming." : `The next freeze is ${frozenText(nextFreeze)}.`;
  const one = new Set(causes.map(({ cause }) => cause)).size === 1;
  return [
    wrap(`Service ${target.service}${where} at ${at}`),
    "",
    "Modes",
    columns(
      [2 + 8, 7, 0],
      actions.map(({ action, mode, setBy }) => [`  ${action}`, mode, `set by ${setBy}`]),
    ),
    "",
    "Rules now",
    ...rules.map((result) => ruleLine(result)),
    ...actions.flatMap(({ action, rules: own }) =>
      own.filter(({ rule }) => rule !== "mode").map((result) => ruleLine(result, `${action}: `)),
    ),
    wrap(freeze, "  "),
    wrap(history, "  "),
    "",
    "Limits",
    ...[...limits, approvals].map((limit) => wrap(limit, "  ")),
    "",
    ...(one ? causeLines(causes) : causeTable(causes)),
    "",
    wrap(
      "Besides, the evidence must support the cause, and the state of the service must allow the change (docs/guardrails.md).",
    ),
  ].join("\n");
}

const SIGNS = { pass: " ", lower: " ", ask: "?", refuse: "x" } as const;

function ruleLine({ rule, outcome, reason }: RuleResult, prefix = ""): string {
  return wrap(`${prefix}${reason}${outcome === "pass" ? "" : ` [${rule}]`}`, `${SIGNS[outcome]} `);
}

function causeLines(causes: readonly CauseExplanation[]): string[] {
  return [
    `For ${causes[0]?.cause ?? "this cause"} it`,
    ...causes.map(({ action, verdict, rule, reason, condition }) =>
      wrap(
        [
          `${reason}${rule === undefined ? "" : ` [${rule}]`}`,
          verdict === "refuses" || condition === undefined ? "" : `Only if ${condition}.`,
        ]
          .filter((part) => part !== "")
          .join(" "),
        `  ${action.padEnd(8)}  ${verdict.padEnd(7)}  `,
      ),
    ),
  ];
}

/** Marks of conditions under the table. */
const MARKS = ["*", "+", "#"];

function causeTable(causes: readonly CauseExplanation[]): string[] {
  const cells = causes.filter(({ verdict, rule }) => verdict !== "refuses" || rule !== "cause-action-matrix");
  const conditions = [...new Set(cells.flatMap(({ condition }) => condition ?? []))];
  const rows = cells.map(({ cause, action, verdict, rule, condition }, index) => [
    cells[index - 1]?.cause === cause ? "" : `  ${cause}`,
    action,
    `${verdict}${condition === undefined ? "" : ` ${MARKS[conditions.indexOf(condition)] ?? "*"}`}`,
    rule ?? "",
  ]);
  const never = [...new Set(causes.map(({ cause }) => cause))].filter(
    (cause) => !cells.some((cell) => cell.cause === cause),
  );
  return [
    columns([2 + 27, 8, 9, 0], [["What would come of", "action", "verdict", "decided by"], ...rows]),
    ...conditions.map((condition, index) => `  ${MARKS[index] ?? "*"} only if ${condition}`),
    wrap(`Every other action is refused, and all for ${never.join(", ")} [cause-action-matrix].`, "  "),
  ];
}
