/** `opsagent drill [fault]`. */
import { once } from "node:events";
import { join, relative } from "node:path";
import { EXIT } from "../src/interfaces/cli/exit-code.ts";
import { complain, print, printJson } from "../src/interfaces/cli/terminal.ts";
import { listFaults } from "./fault-files.ts";
import { faultListText, unknownFaultText } from "./fault-list.ts";
import { type DrillResult, runDrill } from "./run-drill.ts";
import { createView } from "./view.ts";

export interface DrillFlags {
  readonly list?: boolean;
  readonly agent: boolean;
  readonly headless?: boolean;
  /** Questions wait for a real person. */
  readonly ask?: boolean;
  /** The dashboard stays until Ctrl-C. */
  readonly keepOpen?: boolean;
  readonly json?: boolean;
}

/** Runs or lists drills. Exit code 0 when the incident ended as expected, 1 when not, 2 for an unknown fault. */
export async function drillCommand(fault = "oom", flags: DrillFlags): Promise<number> {
  const faults = listFaults();
  if (flags.list) {
    if (flags.json) printJson(faults.map(({ name, title, causes }) => ({ name, title, class: causes[0] })));
    else print(faultListText(faults));
    return EXIT.done;
  }
  if (!faults.some((one) => one.name === fault)) {
    complain(`opsagent: ${unknownFaultText(fault, faults)}`);
    return EXIT.usage;
  }
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const out = flags.json ? process.stderr : process.stdout;
  const stamp = new Date().toISOString().replace(/[-:]/g, "").slice(0, 15);
  const folder = join(process.cwd(), ".opsagent", "drills", `${stamp}-${fault}`);
  const view = createView(out, Boolean(out.isTTY) && !flags.headless);
  const tell = (result: DrillResult) => {
    if (flags.json) printJson(result);
    else view.block(closingText(result));
  };
  const keepOpen = async (result: DrillResult, dashboard: string) => {
    tell(result);
    view.block(`The dashboard stays at ${dashboard} until Ctrl-C.`);
    if (!interrupt.signal.aborted) await once(interrupt.signal, "abort");
  };
  try {
    const result = await runDrill({
      fault,
      folder,
      withAgent: flags.agent,
      ask: flags.ask ?? false,
      view,
      signal: interrupt.signal,
      keepOpen: flags.keepOpen ? keepOpen : undefined,
    });
    if (!flags.keepOpen || !flags.agent) tell(result);
    return result.verdict?.right === false ? EXIT.failed : EXIT.done;
  } catch (error) {
    if (interrupt.signal.aborted) {
      view.block("Interrupted; everything that was started has been stopped.");
      return 130;
    }
    throw error;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function closingText({ verdict, slackText, seconds, rca, fault }: DrillResult): string {
  const rule = "─".repeat(72);
  if (verdict === undefined)
    return `The drill ${fault} ran without the agent for ${seconds.total.toFixed(0)} s.`;
  const action = seconds.alarmToAction === undefined ? "none" : `after ${seconds.alarmToAction.toFixed(1)} s`;
  return [
    "",
    rule,
    slackText === undefined ? "(no message was posted)" : unescapeSlack(slackText),
    rule,
    `alarm received → action ${action} → end after ${seconds.alarmToEnd?.toFixed(1) ?? "?"} s; the whole drill ${seconds.total.toFixed(0)} s`,
    verdict.right
      ? "The sandbox confirms: the right end, and nothing else was touched."
      : `WRONG: ${verdict.reasons.join("; ")}`,
    `Root cause analysis: ${rca === undefined ? "not written" : relative(process.cwd(), rca)}`,
  ].join("\n");
}

/** Slack escapes these three characters; a terminal does not. */
function unescapeSlack(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
