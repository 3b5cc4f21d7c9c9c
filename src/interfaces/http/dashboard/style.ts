import { RCA_STYLE } from "../../../reporting/rca/rca-html-style.ts";

/** The written report's style with what pages have besides: a bar, filters, cards, questions. */
export const DASHBOARD_STYLE = `${RCA_STYLE}
html { scroll-padding-top: 64px; }
body { padding-bottom: 24px; }
main { max-width: 1120px; padding-top: 22px; outline: 0; }
footer { max-width: 1120px; }
.skip { position: absolute; left: 12px; top: -60px; background: var(--card); padding: 8px 14px; z-index: 3; border-radius: 0 0 8px 8px; }
.skip:focus { top: 0; }
.bar { position: sticky; top: 0; z-index: 2; background: var(--card); border-bottom: 1px solid var(--line); }
.bar-in { max-width: 1120px; margin: 0 auto; padding: 0 20px; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 22px; min-height: 50px; }
.brand { font-weight: 700; color: var(--ink); text-decoration: none; } .brand span { color: var(--series); }
.bar nav { display: flex; flex-wrap: wrap; gap: 2px 4px; }
.bar nav a { color: var(--soft); text-decoration: none; padding: 5px 11px; border-radius: 7px; font-weight: 550; }
.bar nav a:hover { background: var(--head); color: var(--ink); }
.bar nav a[aria-current] { background: var(--head); color: var(--ink); box-shadow: inset 0 -2px 0 var(--series); }
.who { margin-left: auto; display: flex; align-items: center; gap: 12px; }
.pulse { color: var(--soft); font-size: .8rem; } .pulse::before { content: "○ "; }
.pulse.on::before { content: "● "; color: var(--good); }
.lead { color: var(--soft); max-width: 75ch; }
.soft, .sub { color: var(--soft); } .sub { display: block; font-size: .86rem; font-weight: 400; max-width: 62ch; }
.badge { display: inline-block; white-space: nowrap; font-weight: 600; font-size: .84rem; padding: 1px 10px; border-radius: 14px;
  border: 1.5px solid currentColor; }
.badge.note { color: var(--soft); font-weight: 400; }
.chip { display: inline-block; border: 1px solid var(--line); border-radius: 9px; padding: 0 8px; font-size: .8rem; color: var(--soft);
  font-weight: 500; background: var(--head); vertical-align: 1px; }
.mode-auto { color: var(--good); } .mode-approve { color: var(--warn); } .mode-observe { color: var(--calm); }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--head); border-radius: 5px; padding: 1px 5px; }
button, select, input { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--edge);
  border-radius: 8px; padding: 6px 12px; min-height: 38px; }
button { cursor: pointer; font-weight: 600; background: var(--head); } button:hover { border-color: var(--series); }
button:disabled { opacity: .55; cursor: default; }
button.quiet { background: none; font-weight: 500; }
button.yes, #confirm-yes { background: var(--act); border-color: var(--act); color: var(--on-act); }
.filter { display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: end; margin: 12px 0 16px; }
.filter label { display: grid; gap: 2px; color: var(--soft); font-size: .82rem; } .filter a { padding: 8px 0; }
table.data { background: var(--card); border: 1px solid var(--line); border-radius: 12px; border-spacing: 0; border-collapse: separate; }
table.data caption { text-align: left; color: var(--soft); font-size: .82rem; padding: 0 0 6px; }
table.data tbody th { background: none; font-size: inherit; font-weight: 600; text-align: left; min-width: 120px; }
table.data thead th:first-child { border-radius: 11px 0 0 0; } table.data thead th:last-child { border-radius: 0 11px 0 0; }
table.data tr:last-child th, table.data tr:last-child td { border-bottom: 0; }
table.data .number { text-align: right; font-variant-numeric: tabular-nums; }
table.data time { white-space: nowrap; font-variant-numeric: tabular-nums; }
#list td:nth-child(5) { max-width: 180px; }
section table.data { border: 0; border-radius: 0; }
.pages { display: flex; gap: 14px; margin: 14px 0; } .pages a { padding: 8px 4px; }
.empty { text-align: left; padding: 26px 28px; } .empty h1 { margin-top: 0; }
.headline h1 { margin: 2px 0 6px; } .facts-line { margin: 0; display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; }
.downloads { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 16px 0 0; max-width: none; }
.cause h2 { font-size: 1.2rem; } .cited { list-style: none; padding: 0; } .cited li { margin: 6px 0; }
.phase { border-left: 4px solid var(--calm); padding: 12px 18px; margin: 14px 0; } .phase[data-phase=asking], .phase[data-end=escalated] { border-left-color: var(--warn); }
.phase[data-end=resolved] { border-left-color: var(--good); } .phase[data-end=failed] { border-left-color: var(--bad); }
.phase-now { font-size: 1.05rem; margin: 0; max-width: none; } .since { color: var(--soft); font-size: .84rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.phase .answered, .phase .answer-said { margin: 6px 0 0; max-width: none; }
.phases { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 8px; margin: 10px 0 0; padding: 0; font-size: .84rem; color: var(--soft); }
.phases li { margin: 0; white-space: nowrap; border: 1px solid var(--line); border-radius: 9px; padding: 0 9px; background: var(--head); }
.phases .now { color: var(--calm); border-color: currentColor; font-weight: 600; background: none; } .phases .took { font-variant-numeric: tabular-nums; }
.phases .end { font-weight: 600; border-color: currentColor; background: none; } .phases .end.resolved { color: var(--good); } .phases .end.escalated { color: var(--warn); } .phases .end.failed { color: var(--bad); }
.phase-short { max-width: 30ch; } .phase-short .since::before { content: "· "; }
.question { border: 2px solid var(--warn); } .question h2 { color: var(--warn); }
.change { font-size: 1.1rem; font-weight: 650; }
.answers { display: flex; flex-wrap: wrap; gap: 10px 12px; align-items: center; margin: 12px 0; } .answers button { min-width: 108px; min-height: 44px; }
.refused { color: var(--bad); } .answer-said { font-weight: 600; margin-top: 10px; } .answer-said.taken { font-weight: 400; color: var(--soft); } .answer-said:empty { display: none; }
dialog { border: 1px solid var(--line); border-radius: 14px; background: var(--card); color: var(--ink); padding: 22px 26px; width: min(560px, 92vw);
  box-shadow: 0 18px 60px rgb(0 0 0 / 35%); } dialog::backdrop { background: rgb(8 12 20 / 55%); }
dialog label { display: grid; gap: 4px; color: var(--soft); font-size: .88rem; }
details summary { cursor: pointer; padding: 6px 0; color: var(--soft); }
.cases { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 4px 16px; margin: 8px 0; }
.modes { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 8px 18px; margin: 0 0 10px; }
.modes div { border-left: 3px solid var(--line); padding-left: 10px; } .modes dt { color: var(--soft); font-size: .82rem; } .modes dd { margin: 0; }
.recent { list-style: none; padding: 0; display: grid; gap: 2px; } .recent a { text-decoration: none; }
.sign-in { max-width: 460px; margin: 40px auto; } .sign-in input { width: 100%; } .sign-in label { display: block; margin-bottom: 4px; }
.announce { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; margin: 0; white-space: nowrap; }
rect.cost { fill: var(--series); } .recurrence { margin: 14px 0 0; }
.brake { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 6px 16px; margin: 0 0 12px; padding: 0; border: 0; background: none; box-shadow: none; }
.brake.on { justify-content: space-between; border: 2px solid var(--bad); border-radius: 12px; background: var(--card); padding: 12px 18px; }
.brake p { margin: 0; max-width: none; flex: 1 1 320px; font-weight: 600; } .brake-said { margin: 0; font-weight: 600; } .brake-said:empty { display: none; } .brake-buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.brake-buttons button { min-height: 44px; } #brake-fields { display: grid; gap: 10px; } #brake-fields[hidden] { display: none; }
@media (prefers-reduced-motion: no-preference) { .changed:not(#incident, #list), #incident.changed .phase, #list.changed table.data { animation: changed 1.6s ease-out; }
  @keyframes changed { from { background: color-mix(in srgb, var(--series) 14%, var(--card)); } } }
@media (max-width: 640px) {
  .bar { position: static; } .bar-in { padding: 6px 12px; } .bar nav { order: 3; width: 100%; } .bar nav a { padding: 8px 9px; } html { scroll-padding-top: 8px; }
  .filter label { flex: 1 1 130px; } .filter input, .filter select { width: 100%; }
  table.data tbody th { display: block; border: 0; padding: 1px 0 4px; } table.data tr { padding: 10px 14px; }
  table.data caption { display: block; padding: 8px 14px 0; } rect.cost + text { font-size: 20px; } table.data .number { text-align: left; } #list td:nth-child(5), .phase-short { max-width: none; }
  table.data td:empty, table.data td.none { display: none; } .answers button { flex: 1 1 120px; } }
@media print { .bar, .skip, .brake-buttons, .filter, .pages, .question .answers, .downloads, dialog { display: none; } }
`;
