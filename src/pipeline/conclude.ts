/** The end of an incident: what joined belongs to it, what comes now opens another, and people are told. */
import { joinedName } from "../domain/admission.ts";
import type { Incident, Verification } from "../domain/incident.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import type { Following } from "./follow.ts";
import { borrowed } from "./give-back.ts";
import { close, type Story } from "./incident-record.ts";
import { leavePlace } from "./place.ts";
import { report } from "./report/index.ts";
import type { Run } from "./run.ts";
import type { IncidentInput } from "./run-incident.ts";
import { StageFailure } from "./stage-failure.ts";

/** Ends the incident for alerts, and adds to the story what that says of it. */
export async function conclude(
  { alert, deadline }: IncidentInput,
  story: Story,
  run: Run,
  deps: PipelineDependencies,
): Promise<void> {
  if (alert.state !== "ALARM") return;
  if (deadline === undefined) {
    const lent = borrowed(story.incident, run, deps);
    if (lent !== undefined) story.add({ giveBack: lent });
  }
  try {
    const joined = await leavePlace(story.incident, run, deps);
    if (joined.length > 0) story.add({ joined: [...joined] });
    const doubt = firedSinceProven(story.incident);
    if (doubt !== undefined) story.add({ verification: doubt });
  } catch (fault) {
    if (!(fault instanceof StageFailure)) throw fault;
    story.add({ failures: [...story.incident.failures, fault.failure] });
  }
}

/** Tells people how it ended. Returns the record as they were told of it. */
export async function tellEnd(
  name: "report" | "report-again",
  { story, following }: { readonly story: Story; readonly following: Following },
  run: Run,
  deps: PipelineDependencies,
): Promise<Incident> {
  const followed = await following.settled();
  if (followed.failures.length > 0) {
    story.add({ failures: [...story.incident.failures, ...followed.failures] });
  }
  return report(name, close(story.incident, run.timeline), followed, run, deps);
}

/** An alarm that joined after the last look was not part of the proof, which then proves too little. */
function firedSinceProven({ verification, joined = [] }: Incident): Verification | undefined {
  if (verification?.outcome !== "recovered") return undefined;
  const late = joined.find((one) => one.state === "ALARM" && one.joinedAt > verification.endedAt);
  if (late === undefined) return undefined;
  const reason = `${verification.reason} But ${joinedName(late)} fired at ${late.firedAt}, after the last look.`;
  return { ...verification, outcome: "unknown", reason };
}
