/** The short form of the kill matrix (kill-matrix.ts): at the changes themselves, of every kind, and at a question. */
import { describeKills } from "./incident-kill-suite.ts";

describeKills([
  {
    scenario: "restart",
    moments: ["after:store.attachOrOpen#1", "after:actuator.stopTask#1", "after:notifier.notify#1"],
  },
  { scenario: "restart", moments: ["before:actuator.stopTask#1"], ends: ["escalated"] },
  {
    scenario: "restart, one first",
    moments: ["after:actuator.setDesiredCount#1", "after:actuator.stopTask#1"],
  },
  { scenario: "scale", moments: ["after:actuator.setDesiredCount#1"] },
  { scenario: "scale", moments: ["before:actuator.setDesiredCount#1"], ends: ["escalated"] },
  { scenario: "rollback approved", moments: ["after:channel.ask#1", "after:actuator.setTaskDefinition#1"] },
  { scenario: "rollback approved", moments: ["before:actuator.setTaskDefinition#1"], ends: ["escalated"] },
]);
