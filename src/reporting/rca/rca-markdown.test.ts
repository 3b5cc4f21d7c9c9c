import { expect, it } from "vitest";
import {
  escalatedIncident,
  failedIncident,
  resolvedIncident,
  unprovenIncident,
} from "../../../test/samples/incidents.ts";
import { renderRca } from "./rca-markdown.ts";

const headings = (markdown: string) => markdown.match(/^## .*$/gm);

it("tells the whole story in order, what changed before why", () => {
  expect(headings(renderRca(resolvedIncident()))).toEqual(
    [
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
      "Verification",
      "Next steps",
      "Prevention",
      "Model and cost",
      "Last log lines",
    ].map((heading) => `## ${heading}`),
  );
});

it("gives evidence with ids and provenance, times with milliseconds, and every rule", () => {
  const rca = renderRca(resolvedIncident());

  expect(rca).toContain("| E2 | control-plane | 06:59:30.000 | 1 task stopped: OutOfMemoryError");
  expect(rca).toContain("| 07:00:01.042 | +1.042 s | evidence-gathered |");
  for (const { rule } of resolvedIncident().decision?.trail ?? []) expect(rca).toContain(`| ${rule} |`);
  expect(rca).toContain("97.8 before, 54.2 after");
});

it("reports what failed in the agent first", () => {
  const rca = renderRca(failedIncident());

  expect(headings(rca)?.[1]).toBe("## What failed in OpsAgent");
  expect(rca).toContain("OPENROUTER_API_KEY is not set — Set it");
});

it("tells an unproven action and an escalation as what they are", () => {
  expect(renderRca(unprovenIncident())).toContain("Escalated to on-call engineer");
  expect(renderRca(unprovenIncident())).toContain("not yet proven: unknown");
  expect(renderRca(escalatedIncident())).toContain("| cause-action-matrix | refuse |");
});

it("shows what was considered with its likelihood, before what was ruled out", () => {
  const incident = escalatedIncident();
  const ranked = [
    { cause: "memory-leak", posterior: 0.46, for: ["E1"], against: ["E2"], wouldTell: "memory of each task" },
    { cause: "traffic-spike", posterior: 0.31, for: [], against: [] },
  ] as const;
  const diagnosis = incident.diagnosis && {
    ...incident.diagnosis,
    ranked: ranked.map((one) => ({ ...one, for: [...one.for], against: [...one.against] })),
  };
  const rca = renderRca({ ...incident, ...(diagnosis === undefined ? {} : { diagnosis }) });

  expect(rca).toContain("| memory-leak | 0.46 | E1 | E2 | memory of each task |");
  expect(rca).toContain("| traffic-spike | 0.31 |  |  |  |");
  expect(headings(rca)?.indexOf("## What was considered")).toBe(
    (headings(rca)?.indexOf("## Ruled out") ?? 0) - 1,
  );
});

it("tells the model's cost", () => {
  const model = {
    model: "vendor/model-1",
    calls: 2,
    inputTokens: 4_200,
    outputTokens: 310,
    costUsd: 0.0123,
    milliseconds: 2_400,
  };

  const rca = renderRca({ ...resolvedIncident(), diagnoser: "model", model });

  expect(rca).toContain("- **Model:** vendor/model-1");
  expect(rca).toContain("- **Cost:** \\$0.0123");
});

it("keeps log text inside its fence, whatever backticks it holds", () => {
  const incident = resolvedIncident();
  const lastLines = ["```", "# not a heading", "`````` and then", "</details>"];
  const evidence = incident.evidence && { ...incident.evidence, lastLines };

  const rca = renderRca({ ...incident, ...(evidence && { evidence }) });

  expect(rca.trimEnd().split("\n").slice(-6)).toEqual(["```````text", ...lastLines, "```````"]);
});
