/** The ways in which incidents are killed: at every moment, while a person answers, and at random. */
import type { Tally } from "./crash-tally.ts";
import { type Fault, judge } from "./incident-judge.ts";
import type { ScenarioName } from "./incident-scenarios.ts";
import { createTrial, type How, type Rehearsal, type Trial } from "./incident-trials.ts";

/** Kills one OpsAgent at a moment of its rehearsal, and lets a second one end what it left. */
export async function killAt(
  name: ScenarioName,
  moment: string,
  { moments }: Rehearsal,
  turn: How,
  tally: Tally,
): Promise<void> {
  const at = moments.indexOf(moment);
  const admitted = moments.indexOf("after:store.attachOrOpen#1");
  // Before it was taken in, an alarm is not OpsAgent's: its sender sends it again.
  const how = at < admitted ? "handle" : turn;
  for (let attempt = 1; ; attempt++) {
    const trial = createTrial(name);
    // The second alarm comes a few moments before the death.
    const joins = trial.scenario.second === "joins";
    const meanwhile = joins ? (moments[Math.max(admitted, at - MOMENTS_BEFORE)] ?? "") : "";
    const sendAway = trial.attend();
    const killed = await trial.start("handle", moment, meanwhile).exit;
    const last = await trial.start(how).exit;
    await sendAway();
    const kills = killed.signal === "SIGKILL" ? 1 : 0;
    const verdict = await judge(trial, { kills, last, how });
    // How often it looks before it is content depends on the machine: some moments are not there every time.
    const missed = kills === 0 && verdict.faults.length === 0 && attempt < MOST_ATTEMPTS;
    if (!missed) {
      tally.add(name, trial, verdict, kills, moment);
      return;
    }
    trial.remove();
  }
}

const MOST_ATTEMPTS = 3;
const MOMENTS_BEFORE = 5;

/** What happens after the person's process was killed. */
export const FOLLOW_UPS = [
  "answers again",
  "answers otherwise",
  "stays away",
  "OpsAgent dead meanwhile",
] as const;
export type FollowUp = (typeof FOLLOW_UPS)[number];

/** Kills the process of the person who answers. */
export async function killPersonAt(moment: string, followUp: FollowUp, tally: Tally): Promise<void> {
  const away = followUp === "stays away";
  const trial = createTrial(away ? "rollback, answered once" : "rollback approved");
  const dead = followUp === "OpsAgent dead meanwhile";
  const running = trial.start("handle", dead ? "after:store.noteMessage#1" : "").exit;
  const person = await trial.answer("approved", moment).exit;
  let kills = person.signal === "SIGKILL" ? 1 : 0;
  if (!away) await trial.answer(followUp === "answers otherwise" ? "denied" : "approved").exit;
  let last = await running;
  if (dead) {
    kills += 1;
    last = await trial.start("resume").exit;
  }
  const verdict = await judge(trial, { kills, last, how: dead ? "resume" : "handle" });
  const row = `person killed, ${followUp}`;
  tally.add(
    row,
    trial,
    { ...verdict, faults: [...verdict.faults, ...answerLost(trial, verdict)] },
    kills,
    moment,
  );
}

/** A person who saw the answer taken can rely on it. */
function answerLost(trial: Trial, { incidents }: Awaited<ReturnType<typeof judge>>): Fault[] {
  const answered = trial.scenario.answer !== undefined && incidents.some(({ approval }) => approval?.answer);
  return answered ? [] : [{ kind: "lost", what: "the question has no end" }];
}

const MOST_KILLS = 5;

/** Kills processes at random moments, the person's, too, then lets one end the incident. */
export async function killAtRandom(name: ScenarioName, rehearsal: Rehearsal, tally: Tally): Promise<void> {
  const trial = createTrial(name);
  const { answer, second } = trial.scenario;
  const wanted = 1 + Math.floor(Math.random() * MOST_KILLS);
  const meanwhile = second === "joins" ? pick(rehearsal.moments) : "";
  const life = () => sleep(Math.random() * rehearsal.tookMs * 1.2);
  let kills = 0;
  for (let attempt = 0; attempt < wanted; attempt++) {
    const doomed = [trial.start(pick<How>(["handle", "handle", "resume"]), "", meanwhile)];
    if (answer !== undefined) doomed.push(trial.answer(answer));
    await Promise.race([life(), doomed[0]?.exit]);
    for (const { child } of doomed) child.kill("SIGKILL");
    const exits = await Promise.all(doomed.map(({ exit }) => exit));
    kills += exits.filter(({ signal }) => signal === "SIGKILL").length;
  }
  const sendAway = trial.attend();
  // The alarms come again at last: a process that was killed before it began anything left nothing to resume.
  const last = await trial.start("handle").exit;
  await sendAway();
  tally.add(`random: ${name}`, trial, await judge(trial, { kills, last, how: "handle" }), kills, "at random");
}

export function pick<T>(items: readonly T[]): T {
  const [item] = items.slice(Math.floor(Math.random() * items.length));
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Works through a queue, so many at once. */
export async function inTurn(atOnce: number, work: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = [...work];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
