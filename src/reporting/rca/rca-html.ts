import { createHash } from "node:crypto";
import type { Evidence } from "../../domain/evidence.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";
import { answerCommands, waitingApproval } from "../../notification/text/approval-text.ts";
import { between, formatConfidence, formatDuration } from "../../notification/text/format.ts";
import { htmlValue } from "../../notification/text/html-text.ts";
import { reportedOutcome, statusText } from "../../notification/text/outcome.ts";
import { diagnosisOf, lastDiagnosisOf } from "../../notification/text/summary.ts";
import { type Chart, type ChartSize, chartSvg } from "./rca-chart.ts";
import { chartsOf } from "./rca-charts.ts";
import { rcaDocument } from "./rca-content.ts";
import { type FactLinks, sectionHtml } from "./rca-html-blocks.ts";
import { RCA_STYLE } from "./rca-html-style.ts";
import { recurrenceSentence } from "./recurrence.ts";

const WIDE: ChartSize = { width: 900, height: 300 };
const NARROW: ChartSize = { width: 380, height: 240 };
const SMALL: ChartSize = { width: 430, height: 190 };

/** The parts of the report that another page can take in too: charts and sections are HTML. */
export interface RcaParts {
  readonly title: string;
  /** What a reader wants at a glance, by its name; text, not HTML. */
  readonly numbers: readonly (readonly [name: string, value: string])[];
  readonly charts: string;
  /** The first is the summary. */
  readonly sections: readonly { readonly id: string; readonly heading: string; readonly html: string }[];
}

/** Pure. `earlier`: incidents of the same service and cause before this one, newest first. */
export function rcaParts(incident: Incident, earlier: readonly IncidentSummary[] = []): RcaParts {
  const { title, sections } = rcaDocument(incident, earlier);
  const first = linksTo(incident.evidence, "");
  const second = linksTo(incident.further?.evidence, "second-");
  return {
    title,
    numbers: keyNumbers(incident),
    charts: charts(incident),
    sections: sections.map((section) => ({
      id: section.id,
      heading: section.heading,
      html: sectionHtml(section, section.look ? second : first),
    })),
  };
}

const STYLE_HASH = createHash("sha256").update(RCA_STYLE).digest("base64");

/** What the page may load: its own style and nothing else. */
export const RCA_CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'`;

/**
 * The root cause analysis as one HTML file: no script, nothing loaded from anywhere. Pure. `earlier`: incidents of the
 * same service and cause before this one, newest first.
 */
export function renderRcaHtml(incident: Incident, earlier: readonly IncidentSummary[] = []): string {
  const parts = rcaParts(incident, earlier);
  const [summary, ...others] = parts.sections;
  const metrics = parts.charts === "" ? [] : [{ id: "charts", heading: "Metrics" }];
  const links = [...parts.sections.slice(0, 1), ...metrics, ...parts.sections.slice(1)].map(
    ({ id, heading }) => `<a href="#${id}">${htmlValue(heading)}</a>`,
  );
  const again = recurrenceSentence(incident, earlier);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${RCA_CONTENT_POLICY}">
<meta name="referrer" content="no-referrer">
<title>RCA: ${htmlValue(parts.title)}</title>
<style>${RCA_STYLE}</style>
</head>
<body>
<header>
<p class="eyebrow">Root cause analysis · ${incident.severity}</p>
<h1>${htmlValue(parts.title)}</h1>
<p><span class="status ${reportedOutcome(incident).status}">${htmlValue(statusText(incident))}</span></p>${answerHtml(incident)}
${again === undefined ? "" : `<p class="recurrence">${htmlValue(again)}</p>`}
${numbersHtml(parts.numbers)}
<nav class="contents" aria-label="Contents">${links.join(" ")}</nav>
</header>
<main>
${[summary?.html, parts.charts, ...others.map(({ html }) => html)].filter(Boolean).join("\n")}
</main>
<footer>Written by OpsAgent for incident ${htmlValue(incident.id)}. All times are UTC.</footer>
</body>
</html>
`;
}

function linksTo(evidence: Evidence | undefined, prefix: string): FactLinks {
  return { ids: new Set(evidence?.facts.map((fact) => fact.id)), prefix };
}

function numbersHtml(numbers: RcaParts["numbers"]): string {
  const boxes = numbers.map(
    ([name, value]) => `<div><dt>${htmlValue(name)}</dt><dd>${htmlValue(value)}</dd></div>`,
  );
  return `<dl class="numbers">${boxes.join("")}</dl>`;
}

/** While a person is waited for: the commands that answer, each to be selected whole. */
function answerHtml(incident: Incident): string {
  const waiting = waitingApproval(incident);
  if (waiting === undefined) return "";
  const commands = answerCommands(incident.id, waiting).map(
    (command) => `<span class="command">${htmlValue(command)}</span>`,
  );
  return `<p class="answer">Answer with ${commands.join(" or ")}</p>`;
}

/** What a reader wants at a glance; a number that is not known is left out. */
function keyNumbers(incident: Incident): [string, string][] {
  const { alert, verification, further } = incident;
  const received = alert.receivedAt;
  const acted = between(received, incident.actions[0]?.steps[0]?.startedAt);
  const resolved = reportedOutcome(incident).status === "resolved";
  const recovered = resolved ? between(received, verification?.endedAt) : undefined;
  const lasted = between(incident.openedAt, incident.closedAt);
  const waited = between(incident.approval?.requestedAt, incident.approval?.answer?.at);
  const [first, last] = [diagnosisOf(incident), lastDiagnosisOf(incident)];
  const confidence = (further?.decision ?? incident.decision)?.confidence.earned ?? last?.confidence;
  const numbers: [string, string | undefined][] = [
    ["Cause", last?.cause],
    ["First taken for", first?.cause === last?.cause ? undefined : first?.cause],
    ["Confidence", confidence === undefined ? undefined : formatConfidence(confidence)],
    ["Waited for a person", waited === undefined ? undefined : formatDuration(waited)],
    ["Alert to action", acted === undefined ? undefined : formatDuration(acted)],
    ["Alert to recovery", recovered === undefined ? undefined : formatDuration(recovered)],
    ["Closed after", recovered !== undefined || lasted === undefined ? undefined : formatDuration(lasted)],
  ];
  return numbers.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function charts(incident: Incident): string {
  const { alarm, main } = chartsOf(incident);
  const first = alarm ? [figure(alarm, [WIDE, NARROW])] : [];
  const rest = main.map((chart) => figure(chart, [SMALL])).filter(Boolean);
  const others = rest.length > 0 ? [`<div class="charts">${rest.join("\n")}</div>`] : [];
  const body = [...first, ...others].filter(Boolean);
  return body.length === 0 ? "" : `<section id="charts"><h2>Metrics</h2>${body.join("\n")}</section>`;
}

/** The first size is for a desk, the second, if any, for a phone. */
function figure(chart: Chart, [wide, narrow]: readonly [ChartSize, ChartSize?]): string {
  const svg = chartSvg(chart, wide);
  if (svg === "") return "";
  const drawn = narrow
    ? svg.replace("<svg", '<svg class="wide"') +
      chartSvg(chart, narrow).replace("<svg", '<svg class="narrow"')
    : svg;
  const after = chart.after
    ? "<figcaption>The dot is what the verification measured; the dotted line joins it to the last recorded value.</figcaption>"
    : "";
  return `<figure><h3>${htmlValue(chart.title)}</h3>${drawn}${after}</figure>`;
}
