/** What one process may spend in an hour on the model, and on telling people of what anybody can send. */
import { OpsAgentError } from "../domain/errors.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Logger } from "../domain/ports.ts";
import { isOfNoService } from "../evidence/collect-evidence.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { Channels } from "./wire-channels.ts";

const HOUR_MS = 3_600_000;

/** Of what was granted, and what was left out: the last one granted is told that it is. */
type Granted = "granted" | "last" | "refused";

/** A window of an hour that slides. `now` runs in milliseconds and never back. */
export function createHourlyBudget(
  limit: number,
  now: () => number = () => performance.now(),
): () => Granted {
  let taken: number[] = [];
  return () => {
    const at = now();
    taken = taken.filter((one) => at - one < HOUR_MS);
    if (taken.length >= limit) return "refused";
    taken.push(at);
    return taken.length === limit ? "last" : "granted";
  };
}

/** The same model; beyond `limit` questions an hour it throws `model-budget`, so that the rules diagnose alone. */
export function withModelBudget(
  model: WorkflowDependencies["model"],
  limit: number,
  logger: Logger,
  now?: () => number,
): WorkflowDependencies["model"] {
  if (model === undefined) return undefined;
  const take = createHourlyBudget(limit, now);
  let told = false;
  return () => {
    const client = model();
    return {
      ...client,
      ask: async (request) => {
        if (take() === "refused") {
          if (!told) logger.warn("budget-reached", { budget: "modelCallsPerHour", limit });
          told = true;
          throw new OpsAgentError({
            code: "model-budget",
            message: `The model was asked ${limit} times within an hour, which is the most that the policy allows.`,
            remedy: "Raise limits.modelCallsPerHour in the policy, or find out what opens so many incidents.",
          });
        }
        told = false;
        return client.ask(request);
      },
    };
  };
}

/** Incidents whose answer is remembered: all that are open at a time, and more. */
const REMEMBERED = 10_000;

/**
 * The same channels, which tell of at most `limit` incidents an hour that anybody can cause who reaches a door: events
 * that cannot be read, services that do not exist. The last one that is told says that the others are only recorded.
 */
export function withStrangerBudget(
  channels: Channels,
  limit: number,
  logger: Logger,
  now?: () => number,
): Channels {
  const take = createHourlyBudget(limit, now);
  const answers = new Map<string, Granted>();
  const told = (incident: Incident): Incident | undefined => {
    if (!isStranger(incident)) return incident;
    const answer = answers.get(incident.id) ?? take();
    if (answer === "refused" && !answers.has(incident.id))
      logger.info("stranger-not-told", { incident: incident.id });
    if (answer === "last" && !answers.has(incident.id)) {
      logger.warn("budget-reached", { budget: "strangersPerHour", limit });
    }
    if (answers.size >= REMEMBERED) answers.clear();
    answers.set(incident.id, answer);
    if (answer === "refused") return undefined;
    return answer === "last" ? { ...incident, summary: `${incident.summary} ${lastWords(limit)}` } : incident;
  };
  const { notifiers, subscribers, pager, fallbacks } = channels;
  return {
    ...channels,
    notifiers: notifiers.map((notifier) => ({
      ...notifier,
      notify: async (incident) => {
        const one = told(incident);
        if (one !== undefined) await notifier.notify(one);
      },
    })),
    subscribers: subscribers?.map((subscriber) => ({
      ...subscriber,
      update: async (moment) => {
        const incident = told(moment.incident);
        if (incident !== undefined) await subscriber.update({ ...moment, incident });
      },
    })),
    pager: pager && {
      ...pager,
      page: async (incident) => {
        const one = told(incident);
        return one !== undefined && (await pager.page(one));
      },
    },
    fallbacks: fallbacks?.map((fallback) => ({
      ...fallback,
      report: async (incident, why) => {
        const one = told(incident);
        return one !== undefined && (await fallback.report(one, why));
      },
    })),
  };
}

function isStranger({ alert, evidence }: Incident): boolean {
  return alert.source === "unreadable" || (evidence !== undefined && isOfNoService(evidence));
}

function lastWords(limit: number): string {
  return `This is number ${limit} within an hour of events that cannot be read or services that do not exist: further ones are only recorded (opsagent incidents), as limits.strangersPerHour says. Find out who sends them.`;
}
