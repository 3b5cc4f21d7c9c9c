/** The page's style: light and dark, phone and paper; no font, script or file from elsewhere. */
export const EVAL_STYLE = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1b2230; --soft: #5b6475; --line: #dfe3ea; --head: #eef1f5;
  --series: #2360c5; --good: #17804a; --warn: #8f5200; --bad: #b3261e; --all: #f2f5fa; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12151b; --card: #1a1f28; --ink: #e6e9ef; --soft: #a0a9b8; --line: #2f3744; --head: #232a35;
  --series: #7ab0ff; --good: #5fd497; --warn: #f0b457; --bad: #ff8f85; --all: #202734; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, header, footer { max-width: 1120px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; } footer { color: var(--soft); font-size: .82rem; padding-bottom: 40px; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 4px 0 6px; } h2 { font-size: 1.12rem; margin: 0 0 4px; }
h3 { font-size: .95rem; margin: 18px 0 4px; } p { margin: 0 0 10px; max-width: 78ch; }
.eyebrow, .note { color: var(--soft); font-size: .86rem; margin: 0 0 10px; } .eyebrow { margin: 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 20px; margin: 16px 0; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 10px; margin: 16px 0 0; }
.numbers div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 9px 13px; }
.numbers dt { color: var(--soft); font-size: .8rem; } .numbers dd { margin: 0; }
.numbers dd:nth-of-type(1) { font-size: 1.3rem; font-weight: 650; } .numbers dd + dd { color: var(--soft); font-size: .78rem; }
.numbers + table { margin-top: 16px; }
table { width: 100%; border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: .82rem; padding: 0 0 6px; }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
thead th { background: var(--head); font-size: .78rem; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 500; text-align: left; overflow-wrap: normal; white-space: nowrap; } thead th:first-child { text-align: left; }
tr.all th, tr.all td { background: var(--all); font-weight: 650; } td.text, th.text { text-align: left; }
td small { display: block; color: var(--soft); font-size: .74rem; white-space: nowrap; font-weight: 400; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.nothing, .soft { color: var(--soft); }
.reliability { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 14px 34px; }
.reliability figure { max-width: 380px; }
svg { display: block; width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.grid { stroke: var(--line); } .ideal { stroke: var(--soft); stroke-dasharray: 4 4; }
.span { stroke: var(--series); stroke-width: 1.5; } .dot { fill: var(--series); }
figure { margin: 0; } figcaption { color: var(--soft); font-size: .8rem; margin-top: 4px; }
details { border-bottom: 1px solid var(--line); } details:last-of-type { border-bottom: 0; }
summary { cursor: pointer; padding: 7px 2px; } summary .mark { display: inline-block; min-width: 4.4em; font-weight: 650; }
summary .why { color: var(--soft); font-size: .88rem; display: block; margin-left: 1.2em; }
details > div { padding: 2px 0 14px 1.2em; } details ul { margin: 0 0 8px; padding-left: 18px; }
details dl { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 2px 16px; margin: 0 0 8px; }
details dt { color: var(--soft); } details dd { margin: 0; }
a { color: var(--series); } :focus-visible { outline: 2px solid var(--series); outline-offset: 2px; }
.chip { display: inline-block; border: 1px solid var(--line); border-radius: 9px; padding: 0 8px; font-size: .76rem; color: var(--soft); }
@media (max-width: 720px) {
  main, header, footer { padding-left: 12px; padding-right: 12px; } section { padding: 13px 14px; }
  .numbers { grid-template-columns: repeat(2, 1fr); }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, caption { display: block; }
  tbody tr { display: grid; grid-template-columns: repeat(4, 1fr); gap: 3px 8px; padding: 9px 0; border-bottom: 1px solid var(--line); }
  tbody th { grid-column: 1 / -1; font-weight: 650; border: 0; padding: 0; white-space: normal; } td.nothing { display: none; }
  tbody td { border: 0; padding: 0; text-align: left; } td[data-label]::before { content: attr(data-label); display: block;
    color: var(--soft); font-size: .72rem; font-weight: 400; } td.text { grid-column: 1 / -1; }
  tr.all { border-radius: 8px; padding: 9px; } tr.all th, tr.all td { background: none; } tr.all { background: var(--all); }
  details > div { padding-left: 0; } details dl { grid-template-columns: 1fr; } details dd { margin-bottom: 5px; } }
@media print { :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --head: #eee; --all: #f4f4f4;
  --series: #2360c5; --good: #17804a; --warn: #8f5200; --bad: #b3261e; }
  section { border: 0; border-radius: 0; padding: 8pt 0; } tr, details { break-inside: avoid; } }
`;
