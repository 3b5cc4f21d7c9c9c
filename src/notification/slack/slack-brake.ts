/** The brake in Slack's messages: what is held back, and the button that pauses or resumes. Pure. */
import { type BrakeState, brakeLines } from "../../domain/brake-state.ts";
import type { Target } from "../../domain/target.ts";
import { formatMinute } from "../text/format.ts";
import { type ActionsBlock, type Button, plain } from "./slack-approval-buttons.ts";
import type { ReportLine } from "./slack-lines.ts";
import { slackValue } from "./slack-text.ts";

/** Names of the two buttons, as Slack sends them back. */
export const PAUSE_BUTTON = "opsagent-pause";
export const RESUME_BUTTON = "opsagent-resume";

export interface MessageBrake {
  readonly state: BrakeState;
  /** Whether Slack can reach OpsAgent, so that buttons work. */
  readonly buttons: boolean;
}

const MOST_LINES = 3;

/** What holds changes back on this target when the message is written, which it says: a message stays as it is. */
export function heldLines(
  brake: MessageBrake | undefined,
  target: Target | undefined,
): readonly ReportLine[] {
  if (brake === undefined) return [];
  const { state } = brake;
  return brakeLines(state, target)
    .slice(0, MOST_LINES)
    .map((line) => ({
      label: `Held back, as of ${formatMinute(state.at, state.at)}`,
      value: withMentions(slackValue(line, 500), state),
    }));
}

/** A Slack user is mentioned, so that the name is shown. */
function withMentions(text: string, { pauses = [] }: BrakeState): string {
  const users = pauses.flatMap(({ by, via }) =>
    via === "slack" && /^[UW][A-Z0-9]{4,20}$/.test(by) ? [by] : [],
  );
  return users.reduce((line, user) => line.replace(`aused by ${user} `, `aused by <@${user}> `), text);
}

/** The button on an incident's message: the switch for everything. Undefined where Slack cannot reach OpsAgent. */
export function brakeButton(brake: MessageBrake | undefined): ActionsBlock | undefined {
  if (brake === undefined || !brake.buttons) return undefined;
  const isPaused = (brake.state.pauses ?? []).some(({ scope }) => scope.kind === "all");
  return { type: "actions", elements: [isPaused ? RESUME : PAUSE] };
}

const PAUSE: Button = {
  type: "button",
  action_id: PAUSE_BUTTON,
  value: "all",
  text: plain("Pause OpsAgent"),
  style: "danger",
  confirm: {
    title: plain("Pause OpsAgent?"),
    text: plain(
      "Nothing is changed in any incident until somebody resumes. Incidents are still investigated.",
    ),
    confirm: plain("Pause"),
    deny: plain("Cancel"),
  },
};

const RESUME: Button = {
  type: "button",
  action_id: RESUME_BUTTON,
  value: "all",
  text: plain("Resume OpsAgent"),
  style: "primary",
  confirm: {
    title: plain("Resume OpsAgent?"),
    text: plain("OpsAgent may change again what its policy allows."),
    confirm: plain("Resume"),
    deny: plain("Not yet"),
  },
};

/** What a pressed button says; undefined for another button. */
export function readBrakeButton(actionId: string): "pause" | "resume" | undefined {
  if (actionId === PAUSE_BUTTON) return "pause";
  return actionId === RESUME_BUTTON ? "resume" : undefined;
}
