/** Incident -> case file: the incident under pseudonyms, so that it can be shared. Pure. */
import type { Alert } from "../../domain/alert.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { type CaseAction, CaseFile, type CaseTruth } from "../../domain/incident/case-file.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import { BLAST_WINDOW_MINUTES } from "../../domain/reservation.ts";
import { createTextAnonymiser } from "./anonymise-text.ts";
import { type Anonymiser, defined, maybe } from "./anonymiser.ts";
import { caseDimensions, caseNamespace } from "./case-dimensions.ts";
import { leakedNames } from "./leak-check.ts";
import { metricName } from "./metric-and-alarm-facts.ts";
import { createNames, formsOf, isOnlyWord, type Seen } from "./names.ts";
import { roundsOf } from "./rounds.ts";
import { caseAction, casePolicy, caseRound, caseTarget } from "./verdicts.ts";

export interface ExportInput {
  readonly incident: Incident;
  /** Actions of all services in the days before; see {@link HISTORY_DAYS}. */
  readonly history: readonly CaseAction[];
  readonly policy: Policy;
  readonly ceiling: Mode;
  readonly truth?: CaseTruth | undefined;
  /** Keeps the last log lines, in which only known names and secrets are replaced. */
  readonly keepLogs?: boolean | undefined;
}

/** How far back guardrails look. */
export const HISTORY_DAYS = 7;

/**
 * Makes a case file. Throws `config-invalid` for an incident without evidence, and `internal` when a name is left in
 * the file.
 */
export function caseFileOf(input: ExportInput): CaseFile {
  const { incident } = input;
  if (incident.target === undefined || roundsOf(incident).length === 0) throw nothingToJudge(incident.id);
  // Two passes: all names are only known at the end, and no pseudonym may equal a word of the incident.
  const first = createNames();
  write(input, first);
  const names = createNames(first.seen());
  const file = CaseFile.parse(write(input, names));
  const left = leakedNames(file, seenNames(first.seen(), names.seen()), input.keepLogs === true);
  if (left.length === 0) return file;
  throw new OpsAgentError({
    code: "internal",
    message: `${left.length} names of the incident ${incident.id} are still in its case file (at ${left.join(", ")}), so it is not written.`,
    remedy: "This is a fault in OpsAgent: report the fields named, not the incident.",
  });
}

/** The error of an incident without evidence. */
export function nothingToJudge(id: string): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message: `There is no evidence in the incident "${id}", so there is nothing to replay.`,
    remedy: "Choose an incident with evidence: `opsagent incidents` lists them.",
  });
}

function seenNames(...runs: readonly Seen[]): ReadonlySet<string> {
  return new Set(
    runs.flatMap((seen) =>
      [...seen].filter(([, kinds]) => !isOnlyWord(kinds)).flatMap(([name]) => formsOf(name)),
    ),
  );
}

function write(input: ExportInput, names: ReturnType<typeof createNames>): CaseFile {
  const { incident, truth, keepLogs = false } = input;
  const anonymiser: Anonymiser = { names, texts: createTextAnonymiser(names) };
  const target = caseTarget(incident.target ?? { cluster: "", service: "" }, anonymiser);
  const incidentId = names.of("incident", incident.id);
  const alert = caseAlert(incident.alert, anonymiser);
  const rounds = roundsOf(incident);
  return {
    kind: "opsagent-case",
    schemaVersion: "1",
    incidentId,
    status: incident.status,
    target,
    alert,
    rounds: rounds.map((round) => caseRound(round, anonymiser, keepLogs)),
    actions: incident.actions.map(({ action, outcome, verification }) => ({
      action,
      outcome,
      ...defined({ verification: verification?.outcome }),
    })),
    history: relevant(input, rounds.at(-1)?.decidedAt ?? incident.openedAt).map((past) =>
      caseAction(past, anonymiser),
    ),
    policy: casePolicy(input.policy, anonymiser),
    ceiling: input.ceiling,
    ...defined({ model: incident.model, truth }),
  };
}

const MINUTE = 60_000;

/** Actions that a guardrail could have used: of the service for days, of others for the blast radius only. */
function relevant({ incident, history }: ExportInput, until: string): CaseAction[] {
  const { target } = incident;
  const first = Date.parse(incident.openedAt);
  return history.filter((past) => {
    if (past.at > until) return false;
    const here = past.cluster === target?.cluster && past.service === target.service;
    const minutes = here ? HISTORY_DAYS * 24 * 60 : BLAST_WINDOW_MINUTES;
    return Date.parse(past.at) >= first - minutes * MINUTE;
  });
}

function caseAlert(alert: Alert, anonymiser: Anonymiser): Alert {
  const { names, texts } = anonymiser;
  const { source, state, firedAt, receivedAt, region, alarm, reported } = alert;
  const named = alarm?.name === alert.title;
  return {
    // A hash of the alarm's ARN and time could be reversed by guessing.
    key: "alert-1",
    source,
    state,
    firedAt,
    receivedAt,
    title: named ? names.of("alarm", alert.title) : texts.text(alert.title),
    ...defined({
      target: maybe(alert.target, (target) => caseTarget(target, anonymiser)),
      targetProblem: maybe(alert.targetProblem, texts.text),
      region,
      alarm: maybe(alarm, (details) => caseAlarm(details, anonymiser)),
      reported: maybe(reported, ({ metric, value, threshold }) => ({
        metric: metricName(metric, anonymiser),
        value,
        threshold,
      })),
    }),
  };
}

function caseAlarm(alarm: NonNullable<Alert["alarm"]>, anonymiser: Anonymiser): NonNullable<Alert["alarm"]> {
  const { names, texts } = anonymiser;
  const { threshold, comparison, evaluationPeriods, datapointsToAlarm, metric } = alarm;
  return {
    name: names.of("alarm", alarm.name),
    ...defined({
      arn: maybe(alarm.arn, texts.arn),
      description: maybe(alarm.description, texts.text),
      reason: maybe(alarm.reason, texts.text),
      metric: maybe(metric, ({ namespace, name, dimensions, statistic, periodSeconds }) => ({
        namespace: caseNamespace(namespace, anonymiser),
        name: metricName(name, anonymiser),
        dimensions: caseDimensions(dimensions, anonymiser),
        statistic: texts.text(statistic),
        periodSeconds,
      })),
      threshold,
      comparison,
      evaluationPeriods,
      datapointsToAlarm,
      treatMissingData: maybe(alarm.treatMissingData, texts.text),
    }),
  };
}
