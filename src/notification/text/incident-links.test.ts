import { expect, it } from "vitest";
import { escalatedIncident } from "../../../test/samples/incidents.ts";
import type { Evidence } from "../../domain/evidence.ts";
import { incidentLinks } from "./incident-links.ts";

const SETTINGS = { region: "us-east-1", logGroupPrefix: "/ecs/" };

function logsLink(logGroups?: Evidence["logGroups"]): string | undefined {
  const incident = escalatedIncident();
  const at = incident.openedAt;
  const evidence = { observedAt: at, onset: at, facts: [], gaps: [], lastLines: [] };
  const links = incidentLinks(
    { ...incident, evidence: { ...evidence, ...(logGroups && { logGroups }) } },
    SETTINGS,
  );
  return links.find(({ label }) => label === "Logs")?.url;
}

it("leads to the group that was read, in its region", () => {
  const link = logsLink([{ name: "/aws/ecs/web/application", region: "eu-west-1" }]);

  expect(link).toBe(
    "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fecs$252Fweb$252Fapplication",
  );
});

it("leads nowhere where the lines are not in CloudWatch, and to the conventional group where nothing is known", () => {
  expect(logsLink([])).toBeUndefined();
  expect(logsLink()).toMatch(/^https:\/\/us-east-1\..*\/log-group\/\$252Fecs\$252F/);
});
