/** Every check, in the order of the report and of docs/doctor.md. */
import type { Check } from "./check.ts";
import { actionLogs } from "./checks/action-logs.ts";
import { alarmActions } from "./checks/alarm-actions.ts";
import { alarmCoverage } from "./checks/alarm-coverage.ts";
import { alarmTopics } from "./checks/alarm-topics.ts";
import { approvers } from "./checks/approvers.ts";
import { clock } from "./checks/clock.ts";
import { cluster } from "./checks/cluster.ts";
import { configuration } from "./checks/configuration.ts";
import { delivery } from "./checks/delivery.ts";
import { ecsItself } from "./checks/ecs-itself.ts";
import { exposure } from "./checks/exposure.ts";
import { identity } from "./checks/identity.ts";
import { logGroups } from "./checks/log-groups.ts";
import { metrics } from "./checks/metrics.ts";
import { modelAnswer } from "./checks/model-answer.ts";
import { modelKey } from "./checks/model-key.ts";
import { policy } from "./checks/policy.ts";
import { readPermissions } from "./checks/read-permissions.ts";
import { region } from "./checks/region.ts";
import { remedies } from "./checks/remedies.ts";
import { senders } from "./checks/senders.ts";
import { services } from "./checks/services.ts";
import { slack } from "./checks/slack.ts";
import { store } from "./checks/store.ts";
import { versions } from "./checks/versions.ts";
import { writePermissions } from "./checks/write-permissions.ts";

export const CHECKS: readonly Check[] = [
  versions,
  configuration,
  policy,
  region,
  identity,
  clock,
  readPermissions,
  writePermissions,
  cluster,
  services,
  ecsItself,
  logGroups,
  metrics,
  actionLogs,
  remedies,
  alarmCoverage,
  alarmActions,
  alarmTopics,
  modelKey,
  modelAnswer,
  slack,
  approvers,
  delivery,
  store,
  exposure,
  senders,
];
