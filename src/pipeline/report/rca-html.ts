import type { Incident } from "../../domain/incident.ts";
import { between, formatConfidence, formatDuration } from "./format.ts";
import { htmlValue } from "./html-text.ts";
import { reportedOutcome, STATUS_TEXT } from "./outcome.ts";
import { type Chart, type ChartSize, chartSvg } from "./rca-chart.ts";
import { chartsOf } from "./rca-charts.ts";
import { rcaDocument } from "./rca-content.ts";
import { sectionHtml } from "./rca-html-blocks.ts";
import { RCA_STYLE } from "./rca-html-style.ts";
import { diagnosisOf } from "./summary.ts";

const WIDE: ChartSize = { width: 900, height: 300 };
const NARROW: ChartSize = { width: 380, height: 240 };
const SMALL: ChartSize = { width: 430, height: 190 };

/** The root cause analysis as one HTML file: no script, nothing loaded from anywhere. Pure. */
export function renderRcaHtml(incident: Incident): string {
  const { title, sections } = rcaDocument(incident);
  const facts = new Set(incident.evidence?.facts.map((fact) => fact.id));
  const [summary, ...others] = sections.map((section) => sectionHtml(section, facts));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>RCA: ${htmlValue(title)}</title>
<style>${RCA_STYLE}</style>
</head>
<body>
${pageHeader(incident, title)}
<main>
${[summary, charts(incident), ...others].filter(Boolean).join("\n")}
</main>
<footer>Written by OpsAgent for incident ${htmlValue(incident.id)}. All times are UTC.</footer>
</body>
</html>
`;
}

function pageHeader(incident: Incident, title: string): string {
  const { status } = reportedOutcome(incident);
  const numbers = keyNumbers(incident).map(
    ([name, value]) => `<div><dt>${htmlValue(name)}</dt><dd>${htmlValue(value)}</dd></div>`,
  );
  return `<header>
<p class="eyebrow">Root cause analysis · ${incident.severity}</p>
<h1>${htmlValue(title)}</h1>
<p><span class="status ${status}">${htmlValue(STATUS_TEXT[status])}</span></p>
<dl class="numbers">${numbers.join("")}</dl>
</header>`;
}

/** What a reader wants at a glance; a number that is not known is left out. */
function keyNumbers(incident: Incident): [string, string][] {
  const { alert, verification, decision } = incident;
  const received = alert.receivedAt;
  const acted = between(received, incident.actions[0]?.steps[0]?.startedAt);
  const resolved = reportedOutcome(incident).status === "resolved";
  const recovered = resolved ? between(received, verification?.endedAt) : undefined;
  const lasted = between(incident.openedAt, incident.closedAt);
  const confidence = decision?.confidence.earned ?? diagnosisOf(incident)?.confidence;
  const numbers: [string, string | undefined][] = [
    ["Cause", diagnosisOf(incident)?.cause],
    ["Confidence", confidence === undefined ? undefined : formatConfidence(confidence)],
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
