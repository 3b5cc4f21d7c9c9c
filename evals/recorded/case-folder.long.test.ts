import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openIncident } from "../../src/domain/incident/incident-fold.ts";
import { caseFileOf } from "../../src/reporting/case-file/case-file.ts";
import { sameRulesVerdict } from "../../src/reporting/case-file/same-verdict.ts";
import { actingPolicy } from "../../test/samples/acting-policy.ts";
import { judgedIncident } from "../../test/samples/judged-incident.ts";
import { withWorld } from "../../test/support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../test/support/alarm-events.ts";
import { allCases } from "../scenarios/index.ts";
import { judgeFolderCase, readCaseFolder, truthOf } from "./case-folder.ts";
import { gather, useStubCredentials } from "./gather.ts";
import { inParallel } from "./judge.ts";

const policy = actingPolicy();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-cases-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, file: unknown) => writeFileSync(join(folder, name), JSON.stringify(file));

describe("a folder of case files", () => {
  it("is judged as recorded cases are, by its own policy", async () => {
    const incident = judgedIncident();
    const right = { causes: ["bad-deploy" as const] };
    const given = { incident, history: [], policy, ceiling: "auto" } as const;
    write("a-right.json", caseFileOf({ ...given, truth: right }));
    write("b-wrong.json", caseFileOf({ ...given, truth: { causes: ["traffic-spike"] } }));
    write("c-stopped.json", caseFileOf({ ...given, policy: { ...policy, killSwitch: true }, truth: right }));
    writeFileSync(join(folder, "README.md"), "no case");

    const cases = readCaseFolder(folder);
    const verdicts = await Promise.all(cases.map((one) => judgeFolderCase(one)));

    expect(cases.map(({ name, of }) => [name, of])).toEqual([
      ["a-right", "bad-deploy"],
      ["b-wrong", "traffic-spike"],
      ["c-stopped", "bad-deploy"],
    ]);
    expect(verdicts).toMatchObject([
      { rightCause: true, rightAction: true, harm: "none", decision: { kind: "ask" } },
      { rightCause: false, rightAction: false, harm: "asked" },
      { rightCause: true, rightAction: true, harm: "none", decision: { kind: "decline" } },
    ]);
  });

  it("is none where there is none", () => {
    expect(readCaseFolder(join(folder, "nowhere"))).toEqual([]);
  });

  it("names the file that is no case, or says nothing of its truth", () => {
    const other = mkdtempSync(join(folder, "bad-"));

    writeFileSync(
      join(other, "silent.json"),
      JSON.stringify(caseFileOf({ incident: judgedIncident(), history: [], policy, ceiling: "auto" })),
    );
    expect(() => readCaseFolder(other)).toThrow(/silent\.json does not say what is true/);
    writeFileSync(join(other, "silent.json"), "{}");
    expect(() => readCaseFolder(other)).toThrow(/silent\.json is no case file: kind: /);
  });

  it(
    "takes an incident that the agent really went through",
    withWorld({ sickness: "leak" }, async ({ handleOne }) => {
      const incident = await handleOne(snsEvent(alarmMessage()));
      const own = mkdtempSync(join(folder, "lived-"));
      const file = caseFileOf({
        incident,
        history: [],
        policy,
        ceiling: "auto",
        truth: { causes: ["memory-leak", "oom-kill"] },
      });
      writeFileSync(join(own, "leak.json"), JSON.stringify(file));

      const [one] = readCaseFolder(own);
      if (one === undefined) throw new Error("no case");
      const verdict = await judgeFolderCase(one);

      expect(verdict).toMatchObject({
        rightCause: true,
        rightAction: true,
        harm: "none",
        decision: { kind: "act" },
      });
      expect(verdict.diagnosis.cause).toBe(incident.diagnosis?.cause);
      expect(JSON.stringify(file)).not.toContain(incident.target?.service);
    }),
  );
});

it("a case file of every recorded case is judged as the case itself", async () => {
  useStubCredentials();

  const changed = await inParallel(allCases, 6, async (one) => {
    const { alert, evidence, target, now } = await gather(one);
    const timeline = [{ at: now, sinceMs: 0, event: "decided", detail: "" }];
    const incident = { ...openIncident(alert, "rules"), target, evidence, timeline };
    const judgedBy = { policy, ceiling: "auto", history: [] } as const;
    return sameRulesVerdict(incident, caseFileOf({ incident, ...judgedBy }), judgedBy) ? [] : [one.half];
  });

  expect(changed).toHaveLength(allCases.length);
  expect(changed.flat()).toEqual([]);
});

describe("what a cause leaves open", () => {
  it("follows from the matrix", () => {
    expect(truthOf({ causes: ["oom-kill"] })).toEqual({
      causes: ["oom-kill"],
      actions: ["restart", "rollback", "none"],
      harmful: ["scale"],
      decisions: ["act", "ask", "decline"],
    });
    expect(truthOf({ causes: ["no-fault"] })).toMatchObject({
      actions: ["none"],
      harmful: ["restart", "scale", "rollback"],
    });
  });

  it("is not asked where the file says it", () => {
    const said = {
      causes: ["oom-kill" as const],
      actions: ["restart" as const],
      harmful: [],
      decisions: ["act" as const],
    };

    expect(truthOf(said)).toEqual(said);
  });
});
