import { setTimeout as wait } from "node:timers/promises";
import type { Approval } from "../../domain/approval.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { type ValueFor, valueFor } from "../../domain/exit.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { logQuotesOf, quoteText, statementOf } from "../../domain/log-quotes.ts";
import { stopReasonsOf } from "../../domain/stop-reasons.ts";
import type { Fallback, Pager } from "../../notification/ports.ts";

export interface PagerDutyOptions {
  /** A secret: it never appears in an error. */
  readonly routingKey: string;
  readonly url: string;
  /** Incidents of lower severity page nobody. */
  readonly minSeverity: Incident["severity"];
  /** The question in lines, with how to answer it. */
  readonly renderQuestion: (approval: Approval, why: string) => { readonly body: string };
  readonly links: (incident: Incident) => readonly { readonly label: string; readonly url: string }[];
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
  readonly maxWaitMs?: number;
}

const SEVERITY = { P1: "critical", P2: "error", P3: "warning", P4: "info" } as const;

/** Characters; PagerDuty takes 1 024 of a summary and 512 KB of an event. */
const MOST = { summary: 1_024, detail: 2_000, facts: 10 };

/**
 * PagerDuty's Events API v2: https://developer.pagerduty.com/docs/events-api-v2/overview. The incident's id is the
 * deduplication key, so that a repeated event changes nothing. 429 and 5xx are repeated, a bounded number of times.
 */
export function createPagerDuty(options: PagerDutyOptions): Pager & Fallback {
  const { routingKey, url, minSeverity, links, sleep = wait } = options;
  const { maxAttempts = 4, timeoutMs = 10_000, maxWaitMs = 60_000 } = options;

  const send = async (event: Record<string, unknown>): Promise<void> => {
    let waited = 0;
    for (let tries = 1; ; tries++) {
      const failed = await post(url, routingKey, valueFor("person", event), timeoutMs);
      if (failed === undefined) return;
      const pause = Math.min(8_000, 500 * 2 ** (tries - 1));
      if (!failed.retryable || tries >= maxAttempts || waited + pause > maxWaitMs) {
        throw new OpsAgentError({
          code: "pagerduty-failed",
          message: `PagerDuty did not take the event (tries: ${tries}): ${failed.reason}`,
          remedy:
            "Check PAGERDUTY_ROUTING_KEY and https://status.pagerduty.com; the page may not have been sent.",
          retryable: failed.retryable,
        });
      }
      await sleep(pause);
      waited += pause;
    }
  };

  return {
    name: "pagerduty",
    async page(incident) {
      if (incident.severity > minSeverity) return false;
      const { id, diagnosis, secondOpinion, evidence, alert, failures } = incident;
      const verdict = diagnosis ?? secondOpinion;
      const target = incident.target ?? alert.target;
      const cited = new Set(verdict?.evidence ?? []);
      const facts = evidence?.facts.filter((fact) => cited.has(fact.id)).slice(0, MOST.facts) ?? [];
      await send({
        event_action: "trigger",
        dedup_key: id,
        payload: {
          summary: cut(`${target?.service ?? alert.title}: ${incident.summary}`, MOST.summary),
          source: cut(target ? `${target.cluster}/${target.service}` : alert.title, MOST.detail),
          severity: SEVERITY[incident.severity],
          timestamp: incident.openedAt,
          custom_details: {
            incident: id,
            status: incident.status,
            summary: cut(incident.summary, MOST.detail),
            cause: verdict?.cause ?? "unknown",
            root_cause: cut(verdict?.rootCause ?? "not determined", MOST.detail),
            evidence: facts.map((fact) => cut(`${fact.provenance}: ${statementOf(fact)}`, MOST.detail)),
            aws_says: stopReasonsOf(evidence).map((reason) => cut(reason, MOST.detail)),
            log_says: logQuotesOf(incident).map((quote) => cut(quoteText(quote), MOST.detail)),
            failures: failures.slice(0, MOST.facts).map(({ message }) => cut(message, MOST.detail)),
          },
        },
        links: links(incident).map(({ label, url: href }) => ({ href, text: label })),
      });
      return true;
    },
    // What is left to people has a page of its own, and nobody is woken for the rest.
    report: async () => false,
    async ask(approval, why) {
      if (approval.severity > minSeverity) return false;
      const { incidentId, target, severity, plan, requestedAt } = approval;
      await send({
        event_action: "trigger",
        dedup_key: questionKey(approval),
        payload: {
          summary: cut(`${target.service}: a ${plan.action} waits for your answer`, MOST.summary),
          source: cut(`${target.cluster}/${target.service}`, MOST.detail),
          severity: SEVERITY[severity],
          timestamp: requestedAt,
          custom_details: {
            incident: incidentId,
            question: cut(options.renderQuestion(approval, why).body, MOST.detail),
          },
        },
      });
      return true;
    },
    close: (approval) => send({ event_action: "resolve", dedup_key: questionKey(approval) }),
    resolvePage: (incidentId) => send({ event_action: "resolve", dedup_key: incidentId }),
  };
}

function questionKey({ incidentId, id }: Approval): string {
  return `${incidentId}:question:${id}`;
}

async function post(
  url: string,
  routingKey: string,
  event: ValueFor<"person", Record<string, unknown>>,
  timeoutMs: number,
): Promise<{ readonly reason: string; readonly retryable: boolean } | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ routing_key: routingKey, ...event }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.status === 202) return undefined;
    const { status } = response;
    return { reason: `HTTP ${status}`, retryable: status === 429 || status >= 500 };
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return { reason: late ? "no answer in time" : "it cannot be reached", retryable: true };
  }
}

function cut(text: string, limit: number): string {
  const line = text.toWellFormed() || "—";
  return line.length > limit ? `${line.slice(0, limit - 1).toWellFormed()}…` : line;
}
