import { z } from "zod";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Evidence, Fact } from "../../../domain/evidence.ts";
import { Provenance } from "../../../domain/fact-vocabulary.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { answer } from "../answer.ts";
import { MOST_CHARACTERS, pageOf } from "../bounded.ts";
import { incidentOf, readStore } from "../sources.ts";
import { defineTool, incidentId, offset } from "../tool.ts";

export const getEvidence = defineTool({
  name: "get_evidence",
  title: "The evidence of an incident",
  description:
    "The facts that an incident rests on, each with its id and provenance (who can have written it): control-plane and metric are observed by AWS, log is written by the service or whoever talks to it, memory is about earlier incidents. Also what could not be read (gaps) and the last log lines. Points of series are left out unless facts are asked for by id.",
  input: z.strictObject({
    incident_id: incidentId,
    look: z.enum(["first", "second"]).default("first").describe("second: after an action that did not help."),
    part: z.enum(["facts", "gaps", "last_lines"]).default("facts"),
    provenance: Provenance.optional().describe("Only facts of this provenance."),
    fact_ids: z
      .array(z.string().regex(/^E\d{1,6}$/))
      .min(1)
      .max(20)
      .optional()
      .describe("Only these facts, with the points of their series."),
    offset,
    limit: z.int().min(1).max(50).default(25),
  }),
  output: z.looseObject({
    id: z.string(),
    part: z.string(),
    items: z.array(z.unknown()),
    total: z.int(),
    next_offset: z.int().optional(),
  }),
  async run(input, sources) {
    const incident = await readStore(sources, (records) => incidentOf(records, input.incident_id));
    const evidence = evidenceOf(incident, input.look);
    const all = { facts: factsIn(evidence, input), gaps: gapsIn(evidence), last_lines: linesIn(evidence) };
    const items = all[input.part];
    const page = pageOf(items, input.offset, input.limit, MOST_CHARACTERS * 0.9);
    return answer(
      {
        id: incident.id,
        part: input.part,
        observed_at: evidence.observedAt,
        onset: evidence.onset,
        items: page.items,
        total: items.length,
        ...(page.next === undefined ? {} : { next_offset: page.next }),
        counts: {
          facts: evidence.facts.length,
          gaps: evidence.gaps.length,
          last_lines: evidence.lastLines.length,
        },
      },
      page.cut,
    );
  },
});

function evidenceOf(incident: Incident, look: "first" | "second"): Evidence {
  const evidence = look === "first" ? incident.evidence : incident.further?.evidence;
  if (evidence !== undefined) return evidence;
  throw new OpsAgentError({
    code: "config-invalid",
    message:
      look === "first"
        ? `Nothing was looked into in the incident ${incident.id}.`
        : `There was no second look in the incident ${incident.id}.`,
    remedy: "get_incident says what became of it.",
  });
}

function factsIn(
  { facts }: Evidence,
  wanted: { provenance?: Provenance | undefined; fact_ids?: readonly string[] | undefined },
): unknown[] {
  const missing = wanted.fact_ids?.filter((id) => !facts.some((fact) => fact.id === id)) ?? [];
  if (missing.length > 0)
    throw new OpsAgentError({
      code: "config-invalid",
      message: `There is no fact ${missing.join(", ")} in this look.`,
      remedy: `Its facts are ${facts[0]?.id ?? "none"} to ${facts.at(-1)?.id ?? "none"}; leave fact_ids out to list them.`,
    });
  return facts
    .filter(({ provenance }) => wanted.provenance === undefined || provenance === wanted.provenance)
    .filter(({ id }) => wanted.fact_ids?.includes(id) ?? true)
    .map((fact) => factView(fact, wanted.fact_ids !== undefined));
}

function factView(fact: Fact, whole: boolean): Record<string, unknown> {
  const { id, kind, provenance, at, statement } = fact;
  const common = { id, kind, provenance, at };
  if (fact.kind !== "metric" || whole) return { ...common, untrusted: { statement, data: fact.data } };
  const { points, ...data } = fact.data;
  const left = { points_left_out: points.length, points_with: `fact_ids: ["${id}"]` };
  return { ...common, ...(points.length === 0 ? {} : left), untrusted: { statement, data } };
}

function gapsIn({ gaps }: Evidence): unknown[] {
  return gaps.map(({ source, code, message, remedy, important }) => ({
    source,
    code,
    important,
    remedy,
    untrusted: { message },
  }));
}

function linesIn({ lastLines }: Evidence): unknown[] {
  return lastLines.map((line) => ({ untrusted: { line } }));
}
