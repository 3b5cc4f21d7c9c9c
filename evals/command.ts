/** `opsagent eval`: live, recorded, the comparison of two reports, or a localisation. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { type ListedFault, listFaults } from "../drill/fault-files.ts";
import { createOpenRouterClient } from "../src/adapters/openrouter/client.ts";
import { CAUSES } from "../src/domain/cause.ts";
import type { EvalFlags } from "../src/interfaces/cli/eval/eval.ts";
import { EXIT } from "../src/interfaces/cli/exit-code.ts";
import { complain, print, usableConfig } from "../src/interfaces/cli/terminal.ts";
import { VERSION } from "../src/version.ts";
import { readConfig } from "../src/wiring/read-config.ts";
import { compareReports } from "./compare/compare.ts";
import { comparisonHtml } from "./compare/compare-html.ts";
import { comparisonText } from "./compare/compare-text.ts";
import { runGenerated } from "./generated/run-generated.ts";
import type { AgentUnderTest } from "./live/agent.ts";
import { commandAgent } from "./live/command-agent.ts";
import { opsAgent } from "./live/opsagent.ts";
import { type LiveJob, type LiveResult, runLive } from "./live/run-live.ts";
import { localiseCommand } from "./localise/localise-command.ts";
import { countFlips } from "./metamorphic/count-flips.ts";
import { judgeVariations, subjects } from "./metamorphic/subjects.ts";
import { measureKnowledge } from "./recorded/knowledge.ts";
import { runRecorded } from "./recorded/run-recorded.ts";
import { buildReport, type Results } from "./report/build-report.ts";
import { EvalReport } from "./report/eval-report.ts";
import { evalHtml } from "./report/html.ts";
import { terminalReport } from "./report/terminal.ts";
import { secondsText } from "./report/words.ts";
import { allCases } from "./scenarios/index.ts";

const JOBS = { live: 2, recorded: 6 } as const;

/** Runs what the flags say. Exit codes: see `opsagent eval --help`. */
export async function evalCommand(given: EvalFlags): Promise<number> {
  if (given.localise !== undefined) return localiseCommand(given.localise, given);
  if (given.compare !== undefined) return compareCommand(given.compare, given);
  const flags = given.model === undefined ? given : { ...given, diagnoser: "model" as const };
  const problem = usageProblem(flags);
  if (problem !== undefined) {
    complain(`opsagent: ${problem}`);
    return EXIT.usage;
  }
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    const report = await reportFor(flags, interrupt.signal);
    print(terminalReport(report));
    writeReports(report, flags);
    if (interrupt.signal.aborted) return EXIT.interrupted;
    return isSound(report) ? EXIT.done : EXIT.failed;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function reportFor(flags: EvalFlags, signal: AbortSignal): Promise<EvalReport> {
  if (flags.live) return live(flags, signal);
  return flags.generated === undefined ? recorded(flags, signal) : generated(flags, flags.generated, signal);
}

function usageProblem({
  live: isLive,
  faults,
  classes,
  agent,
  pass,
  diagnoser,
  generated: given,
}: EvalFlags): string | undefined {
  const unknown = (classes ?? []).filter((name) => !Object.hasOwn(CAUSES, name));
  if (unknown.length > 0) return `there is no cause class ${unknown.join(", ")}.`;
  if (diagnoser === "model" && agent === undefined && !process.env["OPENROUTER_API_KEY"])
    return "a model needs OPENROUTER_API_KEY; without one use --diagnoser rules.";
  if (given !== undefined && (faults ?? classes) !== undefined)
    return "--generated takes the families in turn: no --faults and no --classes.";
  if (given !== undefined && diagnoser === "model")
    return "--generated is judged by the rules: a model is measured on recorded cases.";
  if (!isLive) {
    return agent !== undefined || pass !== undefined
      ? "--agent and --pass need --live: recorded evidence is judged by OpsAgent's own code."
      : undefined;
  }
  const known = listFaults().map(({ name }) => name);
  const missing = (faults ?? []).filter((name) => !known.includes(name));
  return missing.length > 0
    ? `there is no fault ${missing.join(", ")}. Known: ${known.join(", ")}.`
    : undefined;
}

async function recorded(flags: EvalFlags, signal: AbortSignal): Promise<EvalReport> {
  const jobs = flags.jobs ?? JOBS.recorded;
  const startedAt = new Date();
  const results = await runRecorded({
    classes: flags.classes,
    cases: flags.faults,
    repeat: flags.repeat,
    jobs,
    model: modelOf(flags),
    signal,
  });
  const variations = flags.variations === undefined ? {} : await variationsOf(flags.variations);
  const knowledge = flags.leaveOneOut
    ? {
        knowledge: await measureKnowledge(
          allCases.map((one) => ({ ...one, group: one.half })),
          jobs,
        ),
      }
    : {};
  const { diagnoser, model } = flags;
  const agent = { name: "OpsAgent", version: VERSION, diagnoser, ...(model === undefined ? {} : { model }) };
  const all = { ...results, ...variations, ...knowledge };
  return reportOf("recorded", agent, all, { startedAt, jobs, repeat: flags.repeat });
}

async function variationsOf(count: number): Promise<Pick<Results, "variations">> {
  const { flips, judged } = await judgeVariations(subjects(), count);
  return { variations: countFlips(flips, judged) };
}

async function generated({ seed, jobs: given }: EvalFlags, count: number, signal: AbortSignal) {
  const jobs = given ?? JOBS.recorded;
  const startedAt = new Date();
  const results = await runGenerated({ count, seed, jobs, signal });
  const agent = { name: "OpsAgent", version: VERSION, diagnoser: "rules" };
  return reportOf("generated", agent, results, { startedAt, jobs, repeat: 1 });
}

function modelOf({
  diagnoser,
  model,
}: EvalFlags): (() => ReturnType<typeof createOpenRouterClient>) | undefined {
  if (diagnoser === "rules") return undefined;
  const config = usableConfig(readConfig(model === undefined ? {} : { overrides: { LLM_MODEL: model } }));
  const { apiKey = "", baseUrl, slugs } = config.model;
  const { timing, limits } = config.policy;
  return () =>
    createOpenRouterClient({
      apiKey,
      baseURL: baseUrl,
      models: slugs,
      timeoutSeconds: timing.modelTimeoutSeconds,
      budgetUsd: limits.modelBudgetUsd,
    });
}

async function live(flags: EvalFlags, signal: AbortSignal): Promise<EvalReport> {
  const jobs = flags.jobs ?? JOBS.live;
  const agent = agentOf(flags);
  const startedAt = new Date();
  const folder = join(
    process.cwd(),
    ".opsagent",
    "evals",
    startedAt.toISOString().replace(/[-:]/g, "").slice(0, 15),
  );
  mkdirSync(folder, { recursive: true });
  const chosen = chosenFaults(flags);
  complain(
    `${chosen.length} faults, ${flags.repeat === 1 ? "once" : `${flags.repeat} times`}, ${jobs} at a time; logs in ${relative(process.cwd(), folder)}`,
  );
  const results = await runLive({
    faults: chosen.map(({ name }) => name),
    repeat: flags.repeat,
    jobs,
    agent,
    signal,
    keepIn: folder,
    onRun: (result, job, done, all) => {
      complain(`[${done}/${all}] ${resultLine(result, job, flags.repeat)}`);
      if (result.kind === "judged") writeFileSync(join(folder, `${job.fault}-${job.run}.log`), result.output);
    },
  });
  const { name, version, diagnoser, model } = agent;
  const report = reportOf(
    "live",
    {
      name,
      ...(version === undefined ? {} : { version }),
      ...(diagnoser === undefined ? {} : { diagnoser }),
      ...(model === undefined ? {} : { model }),
    },
    results,
    { startedAt, jobs, repeat: flags.repeat },
  );
  writeFileSync(join(folder, "report.json"), JSON.stringify(report, null, 2));
  return report;
}

function chosenFaults({ faults, classes }: EvalFlags): ListedFault[] {
  return listFaults().filter(
    ({ name, causes }) =>
      (faults === undefined || faults.includes(name)) &&
      (classes === undefined || classes.includes(causes[0] ?? "")),
  );
}

const MODEL_VARIABLES = ["OPENROUTER_API_KEY", "OPENROUTER_BASE_URL", "LLM_MODEL"];

function agentOf({ agent, pass, diagnoser, model }: EvalFlags): AgentUnderTest {
  if (agent !== undefined) return commandAgent(agent, pass);
  const modelEnvironment = Object.fromEntries(
    MODEL_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return opsAgent({ diagnoser, model, modelEnvironment });
}

function resultLine(result: LiveResult, { fault, run }: LiveJob, repeat: number): string {
  const name = repeat === 1 ? fault : `${fault} ${run}`;
  if (result.kind === "again") return `${name}: once more at the end: ${result.why}`;
  if (result.kind === "set-up-failed") return `${name}: SET-UP FAILED: ${result.failure.message}`;
  const { right, reasons, seconds, said } = result.run;
  const kept = result.kept === undefined ? "" : `; kept in ${relative(process.cwd(), result.kept)}`;
  const times = `action ${secondsText(seconds.toAction)} s, recovery ${secondsText(seconds.toRecovery)} s, in all ${secondsText(seconds.total)} s`;
  return `${name}: ${right ? `right: ${said.cause}, ${said.action}` : `WRONG: ${reasons.join("; ")}`} (${times})${kept}`;
}

function reportOf(
  mode: EvalReport["mode"],
  agent: EvalReport["agent"],
  results: Results,
  { startedAt, jobs, repeat }: { startedAt: Date; jobs: number; repeat: number },
): EvalReport {
  const machine = { cores: availableParallelism(), platform: process.platform, node: process.versions.node };
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const heading = { mode, agent, startedAt: startedAt.toISOString(), seconds, machine, repeat, jobs };
  return buildReport(heading, results);
}

function writeReports(report: EvalReport, { json, html }: EvalFlags): void {
  if (json === "-") print(JSON.stringify(report, null, 2));
  else if (json !== undefined) writeTo(json, `${JSON.stringify(report, null, 2)}\n`);
  if (html !== undefined) writeTo(html, evalHtml(report));
}

function writeTo(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  complain(`Written: ${file}`);
}

/** Wrong answers are a result; harm, and runs that could not be judged, are failures. */
function isSound({ scores, setUpFailures, complete }: EvalReport): boolean {
  const all = scores.filter((score) => score.class === "all");
  return (
    complete &&
    all.length > 0 &&
    setUpFailures.length === 0 &&
    all.every(({ harmDone, ungated }) => harmDone.hits === 0 && ungated.hits === 0)
  );
}

function compareCommand(files: readonly string[], { html }: EvalFlags): number {
  const [fileA, fileB] = files;
  if (fileA === undefined || fileB === undefined || files.length > 2) {
    complain("opsagent: --compare takes two reports: --compare A.json B.json");
    return EXIT.usage;
  }
  const [a, b] = [readReport(fileA), readReport(fileB)];
  if (a === undefined || b === undefined) return EXIT.usage;
  const comparison = compareReports(a, b);
  print(comparisonText(comparison));
  if (html !== undefined) writeTo(html, comparisonHtml(comparison));
  const worse = comparison.rows.some((row) => row.class === "all" && row.verdict === "worse");
  return worse ? EXIT.failed : EXIT.done;
}

function readReport(file: string): EvalReport | undefined {
  try {
    const parsed = EvalReport.safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    complain(
      `opsagent: ${file} is no report of \`opsagent eval --json\`: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  } catch (fault) {
    complain(`opsagent: ${file} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
  return undefined;
}
