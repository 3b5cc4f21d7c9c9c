/** What people said of incidents afterwards, against the events that tell of it. */
import type { Judgement } from "../../domain/incident/judgement.ts";
import type { Finding } from "../finding.ts";
import type { IncidentHistory } from "./incident-events.ts";

/** The judgements of one incident. Those of before events were kept have no event: they count as older. */
export function checkJudgements(
  { id, of }: IncidentHistory,
  kept: readonly Judgement[],
  eventsSince: string | undefined,
): Finding[] {
  const find = (problem: string): Finding => ({ about: "judgement", id, problem });
  const text = ({ at, by, verdict, note }: Omit<Judgement, "incidentId">) =>
    JSON.stringify([at, by, verdict, note]);
  const told = new Set(of("judged").map(text));
  const here = new Set(kept.map(text));
  const older = (at: string) => eventsSince === undefined || at < eventsSince;
  return [
    ...kept
      .filter((one) => !told.has(text(one)) && !older(one.at))
      .map(({ by, at }) =>
        find(`no event tells of the judgement by ${by} at ${at}: it was put in or changed`),
      ),
    ...of("judged")
      .filter((one) => !here.has(text(one)))
      .map(({ by, at }) => find(`the judgement by ${by} at ${at} was removed or changed`)),
  ];
}
