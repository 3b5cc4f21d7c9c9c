/** Amazon Web Services behind the ports: the readers of evidence, and the calls that change a service. */
import type {
  ActionLogReader,
  AlarmReader,
  ChangeLogReader,
  DeploymentHistoryReader,
  EcsReader,
  FiringAlarmReader,
  HostReader,
  LoadBalancerReader,
  LogReader,
  MetricReader,
  ScalingReader,
  ServiceNamesReader,
} from "../../evidence/ports.ts";
import type { ServiceActuator } from "../../remediation/ports.ts";
import { createActionLogReader } from "./action-log-reader.ts";
import { createAlarmReader } from "./alarm-reader.ts";
import { createChangeLogReader } from "./change-log-reader.ts";
import { type AwsSettings, createAwsClients } from "./clients.ts";
import { createDeploymentHistoryReader } from "./deployment-history-reader.ts";
import { createEcsReader } from "./ecs-reader.ts";
import { createFiringAlarmReader } from "./firing-alarm-reader.ts";
import { createHostReader } from "./host-reader.ts";
import { createLoadBalancerReader } from "./load-balancer-reader.ts";
import { createLogReader } from "./log-reader.ts";
import { createMetricReader } from "./metric-reader.ts";
import { createScalingReader } from "./scaling-reader.ts";
import { createServiceActuator } from "./service-actuator.ts";
import { createServiceNamesReader } from "./service-names-reader.ts";

export type { AwsSettings } from "./clients.ts";

export interface AwsAdapters {
  readonly ecs: EcsReader;
  readonly metrics: MetricReader;
  readonly logs: LogReader;
  readonly loadBalancers: LoadBalancerReader;
  readonly scaling: ScalingReader;
  readonly alarms: AlarmReader;
  readonly firingAlarms: FiringAlarmReader;
  readonly deploymentHistory: DeploymentHistoryReader;
  readonly hosts: HostReader;
  readonly changeLog: ChangeLogReader;
  readonly actionLogs: ActionLogReader;
  readonly serviceNames: ServiceNamesReader;
  readonly actuator: ServiceActuator;
}

/** Creates all adapters on one set of clients. Nothing is loaded or called before the first read. */
export function createAwsAdapters(settings: AwsSettings): AwsAdapters {
  const clients = createAwsClients(settings);
  return {
    ecs: createEcsReader(clients),
    metrics: createMetricReader(clients),
    logs: createLogReader(clients),
    loadBalancers: createLoadBalancerReader(clients),
    scaling: createScalingReader(clients),
    alarms: createAlarmReader(clients),
    firingAlarms: createFiringAlarmReader(clients),
    deploymentHistory: createDeploymentHistoryReader(clients),
    hosts: createHostReader(clients),
    changeLog: createChangeLogReader(clients),
    actionLogs: createActionLogReader(clients),
    serviceNames: createServiceNamesReader(clients),
    actuator: createServiceActuator(clients),
  };
}
