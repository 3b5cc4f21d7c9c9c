/** Amazon Web Services behind the ports of `doctor` and `init`: reads only. */
import type {
  AccessSimulator,
  AccountReader,
  AlarmInventory,
  Inventory,
  LogInventory,
  ReadProbes,
  TopicReader,
} from "../../../doctor/ports.ts";
import type { AwsSettings } from "../clients.ts";
import { createAccessSimulator } from "./access-simulator.ts";
import { createAccountReader } from "./account-reader.ts";
import { createAlarmInventory } from "./alarm-inventory.ts";
import { createInspectionClients } from "./clients.ts";
import { createInventory } from "./inventory.ts";
import { createLogInventory } from "./log-inventory.ts";
import { createReadProbes } from "./read-probes.ts";
import { createTopicReader } from "./topic-reader.ts";

export interface AwsInspection {
  readonly account: AccountReader;
  readonly access: AccessSimulator;
  readonly inventory: Inventory;
  readonly alarms: AlarmInventory;
  readonly topics: TopicReader;
  readonly logs: LogInventory;
  readonly readProbes: ReadProbes;
}

/** Creates the readers. Nothing is loaded or called before the first read. */
export function createAwsInspection(settings: AwsSettings): AwsInspection {
  const clients = createInspectionClients(settings);
  return {
    account: createAccountReader(clients),
    access: createAccessSimulator(clients),
    inventory: createInventory(clients),
    alarms: createAlarmInventory(clients),
    topics: createTopicReader(clients),
    logs: createLogInventory(clients),
    readProbes: createReadProbes(clients),
  };
}
