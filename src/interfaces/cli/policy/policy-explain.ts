import type { Cause } from "../../../domain/cause.ts";
import type { RuleResult } from "../../../domain/decision.ts";
import { frozenText } from "../../../domain/freeze.ts";
import type { PolicyState } from "../../../domain/policy-state.ts";
import { planText } from "../../../notification/text/action-line.ts";
import type { CauseExplanation } from "../../../policy/explain.ts";
import type { RemedyOutlook } from "../../../remediation/preflight/preflight.ts";
import {
  explainService,
  type ServiceExplanation,
  UNKNOWN_CLUSTER,
} from "../../../reporting/overview/explain-service.ts";
import type { Config } from "../../../wiring/config.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { createServiceReader } from "../../../wiring/read-service.ts";
import { wirePolicy } from "../../../wiring/wire-policy.ts";
import { EXIT } from "../exit-code.ts";
import { storeExists, withStore } from "../open-store.ts";
import { columns, wrap } from "../plain-text.ts";
import { print, printJson, usableConfig } from "../terminal.ts";

/**
 * Says what the policy allows on a service and, from the service as AWS shows it now, what each remedy would come to.
 * Throws `config-invalid`.
 */
export async function explainCommand(options: {
  service: string;
  cluster?: string;
  cause?: Cause;
  at?: string;
  policy?: string;
  policyOnly?: boolean;
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
    // At another time the service may be another.
    evidenceOf: options.policyOnly || options.at !== undefined ? undefined : createServiceReader(config),
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

function render(explanation: ServiceExplanation): string {
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
    ...serviceLines(explanation.service),
  ].join("\n");
}

function serviceLines(service: ServiceExplanation["service"]): string[] {
  if (service.state === "unread") {
    return [
      wrap(
        `The service itself was not judged: ${service.why} What stands above is what the policy allows; the evidence must support the cause, and the state of the service must allow the change (docs/guardrails.md).`,
      ),
    ];
  }
  return [
    wrap(`On the service as it is now (${service.seen.replace(/\.$/, "")}), with a fault supposed:`),
    ...service.remedies.flatMap(outlookLines),
    ...(service.remedies.length === 0 ? [wrap("No remedy cures this cause.", "  ")] : []),
    wrap("In an incident, its own evidence must support the cause besides."),
  ];
}

function outlookLines({ supposed, action, verdict, plan, rules, change }: RemedyOutlook): string[] {
  const what = plan === undefined ? action : planText(plan);
  return [
    wrap(`${supposed}:`, "  "),
    wrap(`${verdict === "impossible" ? "cannot be judged" : verdict}: ${what}`, "    "),
    ...rules.map(({ rule, reason }) => wrap(`${reason} [${rule}]`, "      because ")),
    ...change.map((advice) => wrap(advice, "      to change ")),
  ];
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
          verdict === "refuses" || condition === undefined
            ? ""
            : `${condition.replace(/^./, (letter) => letter.toUpperCase())}.`,
        ]
          .filter((part) => part !== "")
          .join(" "),
        `  ${action.padEnd(8)}  ${verdict.padEnd(7)}  `,
      ),
    ),
  ];
}

function causeTable(causes: readonly CauseExplanation[]): string[] {
  const cells = causes.filter(({ verdict, rule }) => verdict !== "refuses" || rule !== "cause-action-matrix");
  const conditions = [...new Set(cells.flatMap(({ condition }) => condition ?? []))];
  const rows = cells.map(({ cause, action, verdict, rule, condition }, index) => [
    cells[index - 1]?.cause === cause ? "" : `  ${cause}`,
    action,
    `${verdict}${condition === undefined ? "" : ` (${conditions.indexOf(condition) + 1})`}`,
    rule ?? "",
  ]);
  const never = [...new Set(causes.map(({ cause }) => cause))].filter(
    (cause) => !cells.some((cell) => cell.cause === cause),
  );
  return [
    columns([2 + 27, 8, 12, 0], [["What would come of", "action", "verdict", "decided by"], ...rows]),
    ...conditions.map((condition, index) => wrap(`${condition}.`, `  (${index + 1}) `)),
    wrap(`Every other action is refused, and all for ${never.join(", ")} [cause-action-matrix].`, "  "),
  ];
}
