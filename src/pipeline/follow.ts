/** Tells those who follow an incident, beside its story: nothing that is done for the service waits for them. */
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure, Incident } from "../domain/incident.ts";
import { redactRecord } from "../domain/redaction/index.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { recallAlarm } from "./memory.ts";
import type { IncidentMoment, MomentKind } from "./ports.ts";
import type { Run } from "./run.ts";

/** What became of the moments that were told. */
export interface Followed {
  /** Whether anybody knows of the incident, so that its end must be told, too. */
  readonly told: boolean;
  /** Moments that were lost, one failure for each follower to whom that matters. */
  readonly failures: readonly Failure[];
}

export interface Following {
  /** Tells the record as it stands, as a durable step of its own that is not waited for. Names are used once. */
  tell(name: string, kind?: MomentKind): void;
  /** Waits until everything is told, or given up. */
  settled(): Promise<Followed>;
}

/** Starts the telling of one incident. */
export function createFollowing(incident: () => Incident, run: Run, deps: PipelineDependencies): Following {
  const telling: Promise<Followed>[] = [];
  return {
    tell(name, kind = "incident-updated") {
      const record = inProgress(incident());
      const moment: IncidentMoment = {
        name,
        kind,
        at: run.timeline.at(-1)?.at ?? record.openedAt,
        incident: record,
        needsPerson: kind === "approval-requested",
      };
      telling.push(run.step(`tell-${name}`, () => tellMoment(moment, deps)).then(({ value }) => value));
      // It is read when the incident ends; until then nobody else does.
      telling.at(-1)?.catch(() => undefined);
    },
    async settled() {
      const ended = await Promise.all(telling);
      const lost = ended.flatMap(({ failures }) => failures);
      return {
        told: ended.some(({ told }) => told),
        failures: [...new Map(lost.map((failure) => [failure.code, failure])).values()],
      };
    },
  };
}

async function tellMoment(moment: IncidentMoment, deps: PipelineDependencies): Promise<Followed> {
  const followers = deps.followers ?? [];
  if (followers.length === 0 || (await isKnownNoise(moment.incident, deps))) {
    return { told: false, failures: [] };
  }
  return { told: true, failures: await followWith(moment, deps) };
}

/** Tells every follower. Never throws: what fails is logged; returned is what must not be lost silently. */
export async function followWith(
  moment: IncidentMoment,
  deps: Pick<PipelineDependencies, "followers" | "logger">,
): Promise<Failure[]> {
  const redacted = { ...moment, incident: redactRecord<Incident>(moment.incident) };
  const failures = await Promise.all(
    (deps.followers ?? []).map(async (follower): Promise<Failure[]> => {
      try {
        await follower.follow(redacted);
        return [];
      } catch (thrown) {
        const { code, message, remedy } = asOpsAgentError(thrown);
        const { name } = moment;
        deps.logger.error("follower-failed", {
          follower: follower.name,
          incident: moment.incident.id,
          moment: name,
          error: message,
        });
        const isLost = follower.countsEvery || moment.kind === "incident-closed";
        return isLost ? [{ stage: "report", code, message: `${message} (${name})`, remedy }] : [];
      }
    }),
  );
  return failures.flat();
}

/** The same noise does not open a message each time; where the judgement is another one, the next moment tells it. */
async function isKnownNoise(incident: Incident, deps: PipelineDependencies): Promise<boolean> {
  if (incident.diagnosis !== undefined) return incident.rememberedFrom !== undefined;
  return (await recallAlarm(incident.alert, undefined, deps)).noiseToldIn !== undefined;
}

/** The record of an incident that is being worked on, whatever it would come to if it ended now. */
function inProgress(incident: Incident): Incident {
  const action = incident.actions.at(-1);
  const cause = incident.diagnosis?.rootCause ?? "";
  const summary =
    action === undefined || action.verification !== undefined || action.outcome === "nothing-changed"
      ? incident.summary
      : `${cause} ${action.action}: ${action.outcome}; whether it helped is being verified.`;
  return { ...incident, status: "open", summary };
}
