import { expect, it } from "vitest";
import { SAMPLES } from "../../../test/samples/every-incident.ts";
import {
  flappingNoFault,
  furtherAttempt,
  gaveBack,
  joinedIncident,
  observedWouldHave,
  undoneScale,
} from "../../../test/samples/incidents-over-time.ts";
import {
  approvedRollback,
  deniedRollback,
  expiredApproval,
  voidedApproval,
  waitingApproval,
} from "../../../test/samples/incidents-with-people.ts";
import { chartsOf, marksOf } from "./rca-charts.ts";
import { renderRcaHtml } from "./rca-html.ts";
import { renderRca } from "./rca-markdown.ts";

const headings = (markdown: string) => markdown.match(/^## .*$/gm)?.map((line) => line.slice(3)) ?? [];

it("tells question and answer between decision and action", () => {
  const rca = renderRca(approvedRollback());

  expect(headings(rca).slice(-8, -3)).toEqual([
    "Decision",
    "Approval",
    "Action",
    "Verification",
    "Next steps",
  ]);
  expect(rca).toContain("- **Decision:** act, as a person approved");
  expect(rca).toContain("- **Answered by:** U0ONCALL7 in Slack");
  expect(rca).toContain("- **Answered at:** 2026-11-23 07:03:08 UTC");
  expect(rca).toContain("- **Deadline:** 2026-11-23 07:30:02 UTC");
  expect(rca).toContain("- **Waited:** 3 min 6 s");
  expect(rca).toContain("- **Note:** go ahead, 41 was fine");
  expect(rca).toContain("| the incident's other alarms OK | met | payment-latency is OK |");
});

it.each([
  [deniedRollback, "- **Answer:** denied"],
  [expiredApproval, "- **Answer:** expired: no answer until the deadline, and expiry means no"],
  [voidedApproval, "- **Answer:** approved, but voided: the service had changed, so the change was not made"],
])("tells the other answers: %#", (incident, answer) => {
  expect(renderRca(incident())).toContain(answer);
  expect(renderRca(incident())).not.toContain("opsagent approve");
});

it("shows how to answer while a person is waited for, at the top of the page", () => {
  const html = renderRcaHtml(waitingApproval());

  const command = `opsagent approve ${waitingApproval().id} --plan ${waitingApproval().approval?.planHash.slice(0, 8)}`;
  expect(html.slice(0, html.indexOf("<main>")).split("<body>")[1]).toContain(command);
  expect(renderRca(waitingApproval())).toContain(`- **To approve:** ${command}`);
});

it("tells a second look after the first action, with its own evidence and decision", () => {
  const rca = renderRca(furtherAttempt());

  expect(headings(rca)).toEqual([
    "Summary",
    "What changed",
    "Diagnosis",
    "What AWS says of the stopped tasks",
    "Timeline",
    "Evidence",
    "Ruled out",
    "Investigation gaps",
    "Decision",
    "Action",
    "Second look: diagnosis",
    "Second look: ruled out",
    "Second look: evidence",
    "Second look: gaps",
    "Second decision",
    "Second action",
    "Verification of the last action",
    "Next steps",
    "Prevention",
    "Model and cost",
    "Last log lines",
  ]);
  expect(rca).toContain("| no-repeat | pass | restart was not tried in this incident |");
});

it("links each look's facts to its own table, and repeats no anchor", () => {
  const html = renderRcaHtml(furtherAttempt());

  const anchors = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(anchors).size).toBe(anchors.length);
  expect(links).toEqual(expect.arrayContaining(["E1", "second-E1"]));
  for (const link of links) expect(anchors).toContain(link);
});

it("tells that an action was taken back, by which steps, and marks it in the charts", () => {
  const rca = renderRca(undoneScale());

  expect(rca).toContain("- **Undo:** taken back because it made things worse: the alarm metric rose");
  expect(rca).toContain("| Taken back by | Outcome | Took | Detail |");
  expect(marksOf(undoneScale()).map(({ label }) => label)).toContain("taken back");
});

it("draws what every verification saw of the alarm's metric, in order and each moment once", () => {
  const points = chartsOf(furtherAttempt()).alarm?.points ?? [];

  const times = points.map(([time]) => time);
  expect(points).toContainEqual([Date.parse("2026-11-23T07:01:00.000Z"), 98.4]);
  expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
});

it("lists every alarm that belongs to the incident", () => {
  const rca = renderRca(joinedIncident());

  expect(headings(rca)).toContain("Other alarms");
  expect(rca.match(/joined the open incident/g)).toHaveLength(4);
  expect(rca).toContain("fired again after its end, inside the decay window");
});

it("tells recurrence, noise and borrowed tasks in the overview", () => {
  expect(renderRca(flappingNoFault())).toContain(
    "- **Recurrence:** 4th time in the last hour; the alarm is flapping",
  );
  expect(renderRca(flappingNoFault())).toContain(
    "- **Known noise:** incident inc-20261123-064000-payment-service",
  );
  expect(renderRca(gaveBack())).toContain("- **Give back:** 2 borrowed tasks were given back at 07:33 UTC");
});

it("tells what observe mode held back", () => {
  expect(renderRca(observedWouldHave())).toContain(
    "- **Observe only:** would have done: restart of task 4f2a9c1b7d",
  );
});

it.each(Object.entries(SAMPLES))("says resolved only of what was proven: %s", (name, incident) => {
  const proven = ["resolvedIncident", "approvedRollback", "furtherAttempt", "joinedIncident", "gaveBack"];

  for (const written of [renderRca(incident()), renderRcaHtml(incident())]) {
    expect(written.includes("✅ Resolved")).toBe(proven.includes(name));
  }
});
