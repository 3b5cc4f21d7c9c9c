import { expect, it } from "vitest";
import { SAMPLES } from "../../test/samples/every-incident.ts";
import { failedIncident, resolvedIncident } from "../../test/samples/incidents.ts";
import { furtherAttempt } from "../../test/samples/incidents-over-time.ts";
import {
  approvedRollback,
  deniedRollback,
  expiredApproval,
} from "../../test/samples/incidents-with-people.ts";
import { AgentReport } from "./agent.ts";
import { preventedBy, reportOf } from "./opsagent-report.ts";

it.each(Object.entries(SAMPLES))("tells %s in the words of the interface", (_name, sample) => {
  const report = reportOf(sample());

  expect(AgentReport.parse(report)).toEqual(report);
});

it("permits what was decided, from when its evidence was read, and both looks of a second try", () => {
  const once = reportOf(resolvedIncident());
  const twice = reportOf(furtherAttempt());

  expect(once.permits).toMatchObject([{ action: "restart", from: resolvedIncident().evidence?.observedAt }]);
  expect(once.permits?.[0]?.tasks).toHaveLength(1);
  expect(twice.permits?.length).toBeGreaterThan(once.permits?.length ?? 0);
});

it("permits what a person approved only from their answer on, and nothing after a no or silence", () => {
  const { approval } = approvedRollback();

  const approved = reportOf(approvedRollback());

  expect(approved.permits).toMatchObject([{ action: "rollback", from: approval?.answer?.at }]);
  expect(approved.asked).toEqual([{ action: "rollback", verdict: "approved" }]);
  expect(reportOf(deniedRollback()).permits).toEqual([]);
  expect(reportOf(expiredApproval()).permits).toEqual([]);
});

it("gives a cited fact its provenance, and none to one that is no fact", () => {
  const incident = resolvedIncident();
  const [real] = incident.diagnosis?.evidence ?? [];
  const citing = { ...incident, diagnosis: { ...incident.diagnosis, evidence: [real, "E999"] } };

  const { evidence } = reportOf(citing as typeof incident);

  expect(evidence?.[0]?.provenance).toBeDefined();
  expect(evidence?.[1]).toEqual({ statement: "E999, which is no fact" });
});

it("knows a model that could not be asked from one that answered wrongly", () => {
  const failing = (code: string) => ({
    ...failedIncident(),
    failures: [{ code, stage: "diagnose", message: "said so", remedy: "" }],
  });

  expect(preventedBy(failing("model-out-of-credit"))).toBe("said so");
  expect(preventedBy(failing("model-invalid-answer"))).toBeUndefined();
});
