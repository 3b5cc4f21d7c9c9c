import type { Incident } from "../../domain/incident/incident.ts";
import { diagnosisOf, madeActions } from "../../notification/text/summary.ts";
import { actionBlocks } from "./rca-action.ts";
import { approvalSection, decisionSection } from "./rca-decision.ts";
import { type RcaBlock, type RcaSection, text } from "./rca-document.ts";
import {
  consideredSection,
  diagnosisBlocks,
  evidenceSection,
  gapList,
  ruledOutList,
} from "./rca-sections.ts";

/** The second look after an action that did not help, with what followed from it; none where there was none. */
export function furtherSections(incident: Incident): RcaSection[] {
  const { further, actions } = incident;
  if (further === undefined) return [];
  const diagnosis = diagnosisOf(further);
  const blocks: RcaBlock[] = [
    text("The first action did not help, so the service was looked at once more."),
    ...(diagnosis ? diagnosisBlocks(diagnosis, further, incident) : [text("No diagnosis was reached.")]),
  ];
  const proven = madeActions(incident).at(-1);
  const later = actions.slice(1).flatMap((action) => actionBlocks(action, action === proven));
  const second = [
    { id: "second-look", heading: "Second look: diagnosis", blocks },
    ...consideredSection(further, "second-considered", "Second look: what was considered"),
    { id: "second-ruled-out", heading: "Second look: ruled out", blocks: [ruledOutList(further)] },
    evidenceSection(further, "second"),
    { id: "second-gaps", heading: "Second look: gaps", blocks: [gapList(further)] },
    decisionSection(further, "second"),
    ...approvalSection(further, incident, "second"),
    ...(later.length > 0 ? [{ id: "second-action", heading: "Second action", blocks: later }] : []),
  ];
  return second.map((section) => ({ ...section, look: "second" as const }));
}
