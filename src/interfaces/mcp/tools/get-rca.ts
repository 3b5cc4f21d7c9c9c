import { z } from "zod";
import { OpsAgentError } from "../../../domain/errors.ts";
import { earlierAlike } from "../../../reporting/overview/earlier-alike.ts";
import { renderRca } from "../../../reporting/rca/rca-markdown.ts";
import { document } from "../answer.ts";
import { incidentOf, readStore } from "../sources.ts";
import { defineTool, incidentId, offset } from "../tool.ts";

const PAGE_CHARACTERS = 20_000;

export const getRca = defineTool({
  name: "get_rca",
  title: "The root cause analysis",
  description:
    "The written root cause analysis of an incident as Markdown: timeline, facts, decision trail, ruled-out causes, gaps, prevention, recurrence. At most 20000 characters at a time.",
  input: z.strictObject({
    incident_id: incidentId,
    offset: offset.describe("The character to go on at, as the answer before said."),
  }),
  async run(input, sources) {
    const { incident, earlier } = await readStore(sources, async (records) => {
      const found = await incidentOf(records, input.incident_id);
      return { incident: found, earlier: await earlierAlike(records, found) };
    });
    const text = renderRca(incident, earlier);
    if (input.offset >= text.length)
      throw new OpsAgentError({
        code: "config-invalid",
        message: `The analysis has ${text.length} characters only.`,
        remedy: "Begin with offset 0.",
      });
    const end = Math.min(text.length, input.offset + PAGE_CHARACTERS);
    const rest = end < text.length ? ` Go on with offset ${end}.` : "";
    return document(
      text.slice(input.offset, end),
      `Characters ${input.offset} to ${end} of ${text.length} of the analysis of ${incident.id}.${rest}`,
    );
  },
});
