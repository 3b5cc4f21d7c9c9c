/** Every sender, in the order in which they are tried. */
import type { Sender } from "../sender.ts";
import { alertmanager } from "./alertmanager/sender.ts";
import { ecsEvent } from "./ecs-event/sender.ts";
import { eventbridgeAlarm } from "./eventbridge-alarm/sender.ts";
import { grafana } from "./grafana/sender.ts";
import { lambdaAlarm } from "./lambda-alarm/sender.ts";
import { otherAws } from "./other-aws/sender.ts";
import { createSnsSender } from "./sns/sender.ts";

/** Senders whose events may also be the message of an SNS notification. */
const DIRECT: readonly Sender[] = [eventbridgeAlarm, ecsEvent, lambdaAlarm, grafana, alertmanager, otherAws];

export const SENDERS: readonly Sender[] = [createSnsSender(DIRECT), ...DIRECT];

/** Those whose events can be alerts. */
export const ALERTING: readonly Sender[] = SENDERS.filter((one) => one !== otherAws);
