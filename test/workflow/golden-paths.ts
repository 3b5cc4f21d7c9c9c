/** One incident for each path through the workflow. */
import { SOON } from "../support/dependencies.ts";
import {
  ASKS,
  alarm,
  anotherAlarm,
  answer,
  blindAfterActing,
  brokenModel,
  changedWhenTold,
  clears,
  EXPIRES,
  failing,
  goneBackMeanwhile,
  goneOnceBooked,
  joined,
  noted,
  type Play,
  passingTrouble,
  plain,
  readLate,
  refire,
  secondFault,
  settling,
  withoutTarget,
} from "./golden-plays.ts";

/** Every path by the name that the golden file has for it, in the file's order. */
export const PATHS: ReadonlyMap<string, Play> = new Map([
  ["auto: restart of one task", alarm({ trouble: "leak" })],
  ["auto: restart of two tasks", alarm({ trouble: "two-leaks" })],
  ["auto: restart with one task first", alarm({ trouble: "leak", minimumHealthyPercent: 100 })],
  ["auto: restart of two tasks with one first", alarm({ trouble: "two-leaks", minimumHealthyPercent: 100 })],
  [
    "auto: the task that comes first finds no room",
    alarm({ trouble: "leak", minimumHealthyPercent: 100, crowded: true, policy: { timing: SOON } }),
  ],
  [
    "auto: the task that comes first never serves, and goes later",
    alarm({
      trouble: "leak",
      minimumHealthyPercent: 100,
      ailing: true,
      policy: { timing: { ...SOON, giveBackGiveUpHours: 1 } },
    }),
  ],
  ["auto: scale, and give-back", alarm({ trouble: "spike" })],
  ["auto: the task is gone before it is stopped", goneOnceBooked],
  ["observe mode: nothing is done", alarm({ trouble: "leak", ceiling: "observe" })],
  ["declined: left to people", alarm({ trouble: "down" })],
  ["too early to tell, and noise that is remembered", passingTrouble],
  ["approve: rollback after a yes", alarm({ trouble: "bad-deploy" }, answer("approved"))],
  ["approve: restart after a yes", alarm({ trouble: "leak", policy: ASKS }, answer("approved"))],
  ["deny: a person says no", alarm({ trouble: "bad-deploy" }, answer("denied"))],
  ["expire: nobody answers", alarm({ trouble: "bad-deploy", policy: EXPIRES })],
  ["withdrawn: the alarm is OK while a person is asked", alarm({ trouble: "bad-deploy" }, clears)],
  ["voided: the service has changed until the yes", alarm({ trouble: "bad-deploy" }, goneBackMeanwhile)],
  ["voided: the yes is read too late", readLate],
  ["second attempt: declined", alarm({ trouble: "leak", curable: false, policy: { timing: SOON } })],
  ["second attempt: rollback after a yes", secondFault(answer("approved"))],
  ["second attempt: nobody answers", secondFault(undefined)],
  [
    "second attempt: the first made it worse and is undone",
    alarm({ trouble: "spike", brittle: true, policy: { timing: SOON } }),
  ],
  ["grouping window: no other alarm", settling({ trouble: "down" })],
  ["grouping window: a late alarm says nothing new", settling({ trouble: "down" }, anotherAlarm)],
  [
    "grouping window: a late alarm leads to an action",
    settling({ trouble: "leak", blindUntilTold: true }, anotherAlarm),
  ],
  [
    "grouping window: a late alarm, nobody answers",
    settling({ trouble: "leak", blindUntilTold: true, policy: { ...ASKS, ...EXPIRES } }, anotherAlarm),
  ],
  [
    "grouping window: after a person's no",
    alarm({ trouble: "bad-deploy", policy: { timing: { settleSeconds: 5 } } }, answer("denied"), "settle"),
  ],
  ["give-back: somebody else has changed the count", changedWhenTold],
  [
    "give-back: no answer",
    alarm({ trouble: "spike", hook: failing({ call: /^actuator\.setDesiredCount/, from: 2 }) }),
  ],
  [
    "re-fire inside of the decay window: passes",
    refire({ trouble: "leak", policy: { timing: { decayMinutes: 2 } } }),
  ],
  [
    "re-fire inside of the decay window: stays",
    refire({
      trouble: "leak",
      curable: false,
      policy: { limits: { cooldownMinutes: 0 }, timing: { decayMinutes: 3, ...SOON } },
    }),
  ],
  ["joined: another alarm of an open incident", joined],
  ["OK event without an incident", noted("OK")],
  ["INSUFFICIENT_DATA event", noted("INSUFFICIENT_DATA")],
  ["unreadable target", withoutTarget],
  ["plain invocation with a deadline: scale", plain({ trouble: "spike" }, 900_000)],
  ["plain invocation with a deadline: nobody can be asked", plain({ trouble: "bad-deploy" }, 600_000)],
  [
    "failure of open: the record cannot be kept",
    alarm({ trouble: "leak", hook: failing({ call: /^store\.save/ }) }),
  ],
  [
    "failure of open: the alarm cannot be let in",
    alarm({ trouble: "leak", hook: failing({ call: /^store\.attachOrOpen/ }) }),
  ],
  [
    "failure of observe: nothing can be read",
    alarm({ trouble: "leak", hook: failing({ call: /^(ecs|metrics|logs|elb|alarms|scaling)\./ }) }),
  ],
  ["failure of diagnose: the model cannot be reached", alarm({ trouble: "leak", model: brokenModel })],
  [
    "failure of decide: the history cannot be read",
    alarm({ trouble: "leak", hook: failing({ call: /^store\.actionsSince/ }) }),
  ],
  [
    "failure of ask: the question cannot be kept",
    alarm({ trouble: "bad-deploy", hook: failing({ call: /^store\.ask/ }) }),
  ],
  [
    "failure of hold: the place is lost",
    alarm({ trouble: "leak", hook: failing({ call: /^store\.extendLock/ }) }),
  ],
  [
    "failure of reserve: the action cannot be booked",
    alarm({ trouble: "leak", hook: failing({ call: /^store\.reserve/ }) }),
  ],
  ["failure of act: refused", alarm({ trouble: "leak", answering: "refuse" })],
  ["failure of act: no answer, but it was done", alarm({ trouble: "leak", answering: "mute" })],
  ["failure of act: no answer, and nothing was done", alarm({ trouble: "spike", answering: "lost" })],
  [
    "failure of act: nobody can say",
    alarm({ trouble: "leak", answering: "lost", policy: { timing: SOON }, hook: blindAfterActing(/^ecs\./) }),
  ],
  [
    "failure of verify: unknown",
    alarm({ trouble: "leak", policy: { timing: SOON }, hook: blindAfterActing(/^(metrics|alarms)\./) }),
  ],
  [
    "failure of remember: the outcome cannot be kept",
    alarm({ trouble: "leak", hook: failing({ call: /^store\.recordAction/ }) }),
  ],
  [
    "failure of finish: the place cannot be left",
    alarm({ trouble: "leak", hook: failing({ call: /^store\.finish/ }) }),
  ],
  [
    "failure of report: people cannot be told",
    alarm({ trouble: "leak", hook: failing({ call: /^notifier\./ }) }),
  ],
]);
