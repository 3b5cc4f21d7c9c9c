import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileIncident } from "../../../test/samples/arbitrary-incident.ts";
import { SAMPLES } from "../../../test/samples/every-incident.ts";
import { past } from "../../../test/samples/facts.ts";
import { ACME, type CompanyNames, namedIncident } from "../../../test/samples/named-incident.ts";
import { diagnoseBySigns } from "../../diagnosis/diagnose-by-signs.ts";
import type { Evidence } from "../../domain/evidence.ts";
import { CaseFile } from "../../domain/incident/case-file.ts";
import { Incident } from "../../domain/incident/incident.ts";
import { Policy } from "../../domain/policy.ts";
import type { Target } from "../../domain/target.ts";
import { decide } from "../../remediation/decide.ts";
import { caseFileOf, type ExportInput } from "./case-file.ts";
import { isPublicWord, isSettingWord, stemsOf } from "./public-vocabulary.ts";
import { sameRulesVerdict } from "./same-verdict.ts";

const policy = Policy.parse({ modes: { rollback: "auto" } });

const exported = (incident: Incident, given: Partial<ExportInput> = {}) =>
  caseFileOf({ incident, history: [], policy, ceiling: "auto", ...given });

/** What rules and code make of a pack, without the words. */
function verdictOn(evidence: Evidence, target: Target, now: string, judgedBy = policy) {
  const diagnosis = diagnoseBySigns(evidence);
  const decision = decide({
    diagnosis,
    evidence,
    target,
    policy: judgedBy,
    ceiling: "auto",
    history: [],
    now,
  });
  const { cause, action, confidence, severity, evidence: cited, against, ruledOut } = diagnosis;
  return {
    cause,
    action,
    confidence,
    severity,
    cited,
    against,
    ruledOut: ruledOut.map((one) => one.cause),
    decision: decision.kind,
    earned: decision.confidence.earned,
    trail: decision.trail.map(({ rule, outcome }) => [rule, outcome]),
  };
}

function expectSameVerdict(incident: Incident, file: CaseFile): void {
  const { evidence, target } = incident;
  const [round] = file.rounds;
  if (evidence === undefined || target === undefined || round === undefined) throw new Error("no evidence");
  expect(verdictOn(round.evidence, file.target, round.decidedAt, file.policy)).toEqual(
    verdictOn(evidence, target, round.decidedAt),
  );
}

describe("a case file", () => {
  it("has no name of the company, in no form", () => {
    const text = JSON.stringify(exported(namedIncident()));

    for (const [kind, name] of Object.entries(ACME)) expect(text, kind).not.toContain(name);
    expect(text).not.toMatch(/acme|ledger|jane|roe|43542634|481516234242/i);
  });

  it("calls the same thing by the same pseudonym everywhere", () => {
    const file = exported(namedIncident());

    const [{ evidence } = { evidence: undefined }] = file.rounds;
    const statement = (id: string) => evidence?.facts.find((fact) => fact.id === id)?.statement;
    expect(file.target).toEqual({ cluster: "cluster-1", service: "service-1" });
    expect(statement("E1")).toContain("task definition definition-1:42.");
    expect(statement("E3")).toMatch(
      /container-1 image: (host-\d+\/image-1):1\.4\.2 -> \1:1\.5\.0; container-1 environment names/,
    );
    expect(statement("E5")).toMatch(/^Task (\w{8}) is RUNNING, 28 s old\.$/);
    expect(evidence?.facts.find(({ id }) => id === "E5")).toMatchObject({
      data: { taskArn: expect.stringMatching(/^arn:aws:ecs:eu-west-1:0{11}1:task\/cluster-1\/0{7}\d0+$/) },
    });
    expect(statement("E6")).toContain("(service service-1) is unhealthy in (target-group arn:aws:");
    expect(statement("E7")).toMatch(
      /^person-1 did s3 PutBucketPolicy \(bucketName resource-1\) 40 s before the onset\.$/,
    );
    expect(statement("E8")).toContain("connection-refused <host> service-1 unavailable");
  });

  it("keeps what AWS and OpsAgent say, numbers and times", () => {
    const file = exported(namedIncident());

    const facts = file.rounds[0]?.evidence.facts ?? [];
    expect(facts.find(({ id }) => id === "E4")?.statement).toMatch(
      /^1 task stopped \(crashed\), last at 06:58:20: EssentialContainerExited, "CannotPullContainerError: pull image manifest has been retried 5 time\(s\): failed to resolve ref .*: access denied for arn:aws:iam:/,
    );
    expect(file.rounds[0]?.evidence).toMatchObject({ onset: namedIncident().evidence?.onset });
    expect(file.rounds[0]?.decision?.trail).toEqual(namedIncident().decision?.trail);
  });

  it("is judged by the rules as the incident was", () => {
    const incident = namedIncident();

    expectSameVerdict(incident, exported(incident));
  });

  it("keeps of a name what the rules look for in it", () => {
    const incident = namedIncident({ image: "acme/heap-workers" });
    const facts = (incident.evidence?.facts ?? []).map((fact) =>
      fact.kind === "stopped-tasks"
        ? { ...fact, data: { ...fact.data, class: "out-of-memory" as const, medianLifeSeconds: 900 } }
        : fact,
    );
    const killed = { ...incident, evidence: { ...incident.evidence, facts } } as Incident;

    const file = exported(killed);

    expect(diagnoseBySigns(file.rounds[0]?.evidence as Evidence).cause).toBe("memory-limit-too-low");
    expectSameVerdict(killed, file);
    expect(JSON.stringify(file)).toContain("image-1-heap-worker:1.5.0");
  });

  it("drops the last log lines unless they are asked for, and then still has no known name in them", () => {
    const without = exported(namedIncident());
    const kept = exported(namedIncident(), { keepLogs: true });

    expect(without.rounds[0]?.evidence.lastLines).toEqual([]);
    const [line = ""] = kept.rounds[0]?.evidence.lastLines ?? [];
    expect(line).toContain("container-1 ERROR");
    expect(line).toContain("refused [redacted:email]");
    expect(line).not.toContain(ACME.address);
  });

  it("has the policy without people and reasons", () => {
    const given = Policy.parse({
      approvals: { slackUsers: ["U0JANEROE"], cliUsers: ["jane"] },
      freezes: [
        {
          from: "2026-12-24T00:00:00Z",
          to: "2026-12-27T00:00:00Z",
          services: ["acme-ledger"],
          reason: "Project Falcon",
        },
      ],
      alarms: [{ pattern: "acme-*", service: "acme-ledger" }],
      services: { "acme-ledger": { modes: { rollback: "auto" } }, "acme-quotations": { protected: true } },
    });

    const file = exported(namedIncident(), { policy: given });

    expect(file.policy.services["service-1"]).toEqual({ modes: { rollback: "auto" } });
    expect(file.policy.freezes[0]).toEqual({
      from: "2026-12-24T00:00:00Z",
      to: "2026-12-27T00:00:00Z",
      services: ["service-1"],
    });
    expect(file.policy.alarms).toEqual([]);
    expect(JSON.stringify(file)).not.toMatch(/acme|falcon|jane/i);
  });

  it("is not given out when a name is left in it, such as one in a place for something else", () => {
    const odd = Policy.parse({ tolerateGaps: ["acme-ledger"] });

    expect(() => exported(namedIncident(), { policy: odd })).toThrow(
      /1 names of the incident .* still in its case file \(at policy\.tolerateGaps\.0\)/,
    );
  });

  it("is known to be unfaithful when the rules judge it otherwise", () => {
    const incident = namedIncident();
    const judgedBy = { policy, ceiling: "auto", history: [] } as const;
    const file = exported(incident);
    const rounds = file.rounds.map((round) => ({ ...round, evidence: { ...round.evidence, facts: [] } }));

    expect(sameRulesVerdict(incident, file, judgedBy)).toBe(true);
    expect(sameRulesVerdict(incident, { ...file, rounds }, judgedBy)).toBe(false);
    expect(
      sameRulesVerdict(incident, { ...file, policy: { ...file.policy, killSwitch: true } }, judgedBy),
    ).toBe(false);
  });

  it("has the earlier actions that guardrails look at, and tells the incident's own from others'", () => {
    const incident = namedIncident();
    const { cluster, service } = ACME;
    const minutes = (before: number) =>
      new Date(Date.parse(incident.openedAt) - before * 60_000).toISOString();
    const history = [
      past({ cluster, service, incidentId: incident.id, at: minutes(-0.01) }),
      past({ cluster, service, incidentId: "inc-other", at: minutes(60) }),
      past({ cluster, service: "acme-web", at: minutes(5) }),
      past({ cluster, service: "acme-web", at: minutes(60) }),
      past({ cluster, service, at: minutes(8 * 24 * 60) }),
      past({ cluster, service, at: minutes(-60) }),
    ];

    const file = exported(incident, { history });

    expect(file.history.map(({ service: name, at }) => [name, at])).toEqual([
      ["service-1", minutes(-0.01)],
      ["service-1", minutes(60)],
      [expect.stringMatching(/^service-[2-9]$/), minutes(5)],
    ]);
    expect(file.history.map(({ incidentId }) => incidentId === file.incidentId)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each(Object.entries(SAMPLES))(
    "can be written of %s, or says that there is nothing to judge",
    (_, sample) => {
      const incident = sample();

      if (incident.evidence === undefined) {
        expect(() => exported(incident)).toThrow(/nothing to replay/);
        return;
      }
      const file = exported(incident);
      expect(CaseFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
      expectSameVerdict(incident, file);
    },
  );

  it("is readable whatever texts the incident has", () => {
    fc.assert(
      fc.property(hostileIncident, (incident) => {
        fc.pre(incident.evidence !== undefined && Incident.safeParse(incident).success);

        const file = exported(incident);

        expect(CaseFile.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
      }),
      { numRuns: 25 },
    );
  });

  it("leaves out what a model had read in addition, as rules and code do", () => {
    const incident = namedIncident();
    const facts = incident.evidence?.facts ?? [];
    const added = { at: incident.openedAt, sinceMs: 0, event: "evidence-added", detail: "2 facts that ..." };

    const file = exported({ ...incident, timeline: [...incident.timeline, added] });

    expect(file.rounds[0]?.evidence.facts).toHaveLength(facts.length - 2);
  });
});

/** Names as companies give them, plain words that the rules look for, and such that look like something else. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z]{3,8}-?[a-z0-9]{3,10}$/) },
  { weight: 2, arbitrary: fc.stringMatching(/^[A-Z][a-z]{2,6}[A-Z][a-z]{2,6}$/) },
  fc.constantFrom(
    "memory",
    "memory-cache",
    "worker",
    "workers",
    "secrets-agent",
    "command-bus",
    "ports",
    "heap-dumper",
    "access-denied",
    "denied",
    "image",
    "task",
    "service",
    "unavailable",
    "connection-refused",
    "checkout",
    "api",
    "app",
    "default",
    "none",
    "container",
    "service-1",
    "cluster-1",
    "container-1",
    "crashed",
    "exit",
    "error",
    "E1",
    "e",
    "us-east-1",
    "arn",
    "42",
    "12345678",
    "7f3a9",
    "a.b",
    "x_y",
    "10",
  ),
);
const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`));

const companyNames: fc.Arbitrary<CompanyNames> = fc.record({
  service: name,
  cluster: name,
  container: name,
  image: name,
  // ECS allows no other signs in a family; with others no rollback would be planned.
  family: name.filter((one) => /^[\w-]+$/.test(one)),
  alarm: name,
  namespace: fc.stringMatching(/^[A-Z][a-z]{4,9}Qz\/[A-Z][a-z]{4,9}$/),
  role: name,
  variable: fc.stringMatching(/^[A-Z]{3,9}(?:_[A-Z]{4,8}){0,2}$/),
  // Only sentences tell of it, in which a number is a number.
  dependency: name.filter((one) => !/^\d+$/.test(one)),
  person: name,
  bucket: name,
  targetGroup: name,
  account: digits(12),
  taskId: fc.stringMatching(/^[0-9a-f]{31}[0-9]$/),
  host: fc.stringMatching(/^[a-z]{3,8}\.[a-z]{3,8}\.(?:example|internal)$/),
  email: fc.stringMatching(/^[a-z]{3,8}@[a-z]{4,8}\.example$/),
  address: fc.ipV4(),
});

/** Words that may stay, since they tell nothing: docs/how-to-replay.md says which. */
function mayStay(name: string): boolean {
  return (
    isPublicWord(name) ||
    isSettingWord(name) ||
    stemsOf(name) === `-${name.toLowerCase()}` ||
    /^\d{1,7}$/.test(name) ||
    name.length < 2
  );
}

describe("whatever things are called", () => {
  it("no name survives where it can be told from an ordinary word", () => {
    fc.assert(
      fc.property(companyNames, (names) => {
        const text = JSON.stringify(exported(namedIncident(names)));

        // The closed words of the file itself are nobody's names.
        const own = /^(?:service|cluster|container)-1$|^us-east-1$/;
        for (const one of Object.values(names)) {
          if (mayStay(one) || own.test(one)) continue;
          const whole = new RegExp(
            `(?<![\\p{L}\\p{N}_-])${one.replace(/[.$]/g, "\\$&")}(?![\\p{L}\\p{N}_-])`,
            "iu",
          );
          expect(text).not.toMatch(whole);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("the rules say of the case what they say of the incident", () => {
    fc.assert(
      fc.property(companyNames, (names) => {
        const incident = namedIncident(names);

        expectSameVerdict(incident, exported(incident));
      }),
      { numRuns: 60 },
    );
  });

  it("a name that looks like a pseudonym is nobody else's pseudonym", () => {
    const file = exported(namedIncident({ service: "container-1", container: "service-1" }));

    expect(file.target.service).toBe("service-2");
    expect(JSON.stringify(file)).not.toMatch(/"(?:service-1|container-1)\b/);
  });

  it("writes the same file of the same incident again", () => {
    fc.assert(
      fc.property(companyNames, (names) => {
        expect(exported(namedIncident(names))).toEqual(exported(namedIncident(names)));
      }),
      { numRuns: 30 },
    );
  });
});
