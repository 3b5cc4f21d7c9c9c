import { PAGE_TOKENS } from "./page-tokens.ts";

/** The page's style: light and dark, phone and paper, no font or file from elsewhere. */
export const RCA_STYLE = `
${PAGE_TOKENS}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, header { max-width: 960px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 6px 0 10px; }
h2 { font-size: 1.08rem; margin: 0 0 10px; }
h3 { font-size: .9rem; margin: 0 0 2px; font-weight: 600; }
p { margin: 0 0 10px; max-width: 75ch; }
.eyebrow { color: var(--soft); font-size: .85rem; margin: 0; }
.status { display: inline-block; padding: 3px 12px; border-radius: 18px; font-weight: 600;
  border: 1.5px solid currentColor; }
.resolved { color: var(--good); } .escalated, .waiting { color: var(--warn); } .failed { color: var(--bad); }
.observed, .open { color: var(--calm); }
.answer { margin-top: 12px; } .command { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  background: var(--head); border: 1px solid var(--line); border-radius: 6px; padding: 2px 7px; user-select: all;
  display: inline-block; margin: 2px 0; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; margin: 18px 0 0; }
.numbers div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 9px 13px; }
.numbers dt { color: var(--soft); font-size: .8rem; } .numbers dd { margin: 0; font-size: 1.15rem; font-weight: 600; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 20px;
  margin: 16px 0; }
section > :last-child { margin-bottom: 0; }
dl.pairs { display: grid; grid-template-columns: minmax(120px, max-content) 1fr; gap: 3px 18px; margin: 0 0 12px; }
dl.pairs dt { color: var(--soft); } dl.pairs dd { margin: 0; }
ul { margin: 0 0 10px; padding-left: 20px; } li { margin: 3px 0; }
table { width: 100%; border-collapse: collapse; margin: 0 0 12px; font-size: .92rem; }
th { text-align: left; background: var(--head); font-weight: 600; font-size: .82rem; }
th, td { padding: 6px 9px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td:first-child, td.short { white-space: nowrap; }
tr:target { outline: 2px solid var(--series); outline-offset: -2px; }
td.good { color: var(--good); } td.bad { color: var(--bad); } td.warn { color: var(--warn); }
:focus-visible { outline: 2px solid var(--series); outline-offset: 2px; border-radius: 3px; }
.recurrence { border-left: 4px solid var(--warn); padding: 8px 14px; margin: 14px 0 0; background: var(--card);
  border-radius: 0 8px 8px 0; max-width: none; }
nav.contents { margin: 16px 0 0; font-size: .88rem; } nav.contents a { margin-right: 14px; white-space: nowrap; }
a { color: var(--series); text-decoration-thickness: 1px; text-underline-offset: 2px; }
pre { margin: 0; padding: 11px 13px; background: var(--head); border-radius: 8px; font: 12.5px/1.5 ui-monospace,
  "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; }
figure { margin: 0 0 12px; } .charts { display: grid; gap: 14px 22px; margin-top: 14px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); } .charts figure { margin: 0; }
svg { display: block; width: 100%; height: auto; } svg.narrow { display: none; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.grid { stroke: var(--line); } .series { fill: none; stroke: var(--series); stroke-width: 2;
  stroke-linejoin: round; } .point { fill: var(--series); } .breach { fill: var(--tint); }
.threshold { stroke: var(--limit); stroke-dasharray: 5 4; } svg .threshold-label { fill: var(--limit); }
.after { fill: var(--good); } .after-line { stroke: var(--series); stroke-width: 1.5; stroke-dasharray: 2 4; }
.mark { stroke-width: 1.5; } .mark.onset { stroke: var(--limit); } .mark.alert { stroke: var(--soft); }
.mark.action { stroke: var(--action); } .mark.recovery { stroke: var(--good); } .mark.last-look { stroke: var(--warn); }
svg .mark-label { font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 5px; stroke-linejoin: round; } svg .mark-label.onset { fill: var(--limit); }
svg .mark-label.action { fill: var(--action); } svg .mark-label.recovery { fill: var(--good); }
svg .mark-label.last-look { fill: var(--warn); }
figcaption { color: var(--soft); font-size: .82rem; margin-top: 2px; }
footer { color: var(--soft); font-size: .82rem; max-width: 960px; margin: 0 auto; padding: 4px 20px 40px; }
@media (max-width: 640px) {
  main, header, footer { padding-left: 12px; padding-right: 12px; } section { padding: 13px 14px; }
  svg.wide { display: none; } svg.narrow { display: block; }
  .numbers { grid-template-columns: repeat(2, 1fr); }
  dl.pairs { grid-template-columns: minmax(92px, 30%) 1fr; gap: 3px 12px; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, td { display: block; width: 100%; } tr { border-bottom: 1px solid var(--line); padding: 7px 0; }
  td, td:first-child, td.short { border: 0; padding: 1px 0; white-space: normal; }
  td:empty { display: none; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .82rem; } }
@media print { :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --head: #eee;
  --series: #2360c5; --limit: #c0392b; --action: #7b3fc4; --good: #14713f; --warn: #8f5200; --bad: #b3261e; }
  body { font-size: 10.5pt; } main, header, footer { max-width: none; padding: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 8pt 0; margin: 0; }
  nav.contents { display: none; } tr, figure, li, .numbers div { break-inside: avoid; } h2 { break-after: avoid; } a { color: inherit; } }
`;
