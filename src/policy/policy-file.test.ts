import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { policy as anyPolicy } from "../../test/samples/arbitrary-case.ts";
import { Policy } from "../domain/policy.ts";
import { policyLines, readPolicy } from "./policy-file.ts";
import { nearest } from "./policy-hints.ts";

const text = (...lines: string[]) => lines.join("\n");

function problemsOf(yaml: string) {
  const result = readPolicy(yaml);
  return result.ok ? [] : result.problems;
}

const places = (yaml: string) => problemsOf(yaml).map(({ line, path }) => `${line ?? "?"} ${path}`);

describe("a policy file", () => {
  it.each([
    ["empty", ""],
    ["blank", "\n\n"],
    ["only comments", "# nothing yet\n# later\n"],
    ["an empty mapping", "{}"],
    ["an explicit null", "~"],
    ["only the document marker", "---\n"],
  ])("that is %s is the default policy", (_, yaml) => {
    expect(readPolicy(yaml)).toEqual({ ok: true, policy: Policy.parse({}) });
  });

  it("changes what it names and keeps the rest", () => {
    const result = readPolicy(
      text(
        "version: 1",
        "modes:",
        "  scale: approve",
        "limits:",
        "  maxTasks: 8",
        "services:",
        "  shop:",
        "    protected: true",
        "freezes:",
        "  - from: 2026-11-27T00:00:00+01:00",
        "    to: 2026-11-28T00:00:00+01:00",
      ),
    );

    expect(result).toMatchObject({
      ok: true,
      policy: {
        modes: { restart: "observe", scale: "approve", rollback: "observe" },
        limits: { maxTasks: 8, scaleStep: 2 },
        services: { shop: { protected: true } },
      },
    });
  });

  it("has YAML merges and aliases in ordinary numbers", () => {
    const result = readPolicy(text("services:", "  shop: &strict", "    protected: true", "  cart: *strict"));

    expect(result).toMatchObject({ ok: true, policy: { services: { cart: { protected: true } } } });
  });
});

describe("a policy that is valid", () => {
  const approvals = fc.record({
    deadlineMinutes: fc.integer({ min: 1, max: 10_080 }),
    slackUsers: fc.array(fc.string({ minLength: 1 })),
    cliUsers: fc.array(fc.string({ minLength: 1 })),
    httpClients: fc.array(fc.string({ minLength: 1 })),
  });
  const alarms = fc.array(
    fc.record({ pattern: fc.string({ minLength: 1 }), service: fc.stringMatching(/^[\w-]{1,20}$/) }),
  );

  it("means the same when it is written down and read again", () => {
    fc.assert(
      fc.property(anyPolicy, approvals, alarms, (policy, people, patterns) => {
        const whole = Policy.parse({ ...policy, approvals: people, alarms: patterns });

        expect(readPolicy(stringify(whole))).toEqual({ ok: true, policy: whole });
        expect(readPolicy(JSON.stringify(whole))).toEqual({ ok: true, policy: whole });
      }),
      { numRuns: 60 },
    );
  });

  it("leaves a service the policy's modes where it does not name its own", () => {
    const result = readPolicy(
      text("modes:", "  restart: observe", "services:", "  shop:", "    modes:", "      scale: approve"),
    );

    expect(result.ok && result.policy.services).toEqual({ shop: { modes: { scale: "approve" } } });
  });

  it("finds the line of what it says", () => {
    const lineOf = policyLines(text("version: 1", "freezes:", "  - from: a", "    to: b", "  - to: c"));

    expect([lineOf(["freezes", 1]), lineOf(["freezes", 0, "to"]), lineOf(["limits"]), lineOf([])]).toEqual([
      5, 4, 1, 1,
    ]);
  });
});

describe("a name of a service", () => {
  it.each(["pay*", "sh op", "", "sh\\u043fp", "a".repeat(256)])("is refused as %j, everywhere", (name) => {
    const quoted = `"${name}"`;
    const freeze = "{from: 2026-11-27T00:00:00Z, to: 2026-11-28T00:00:00Z";
    for (const yaml of [
      `services:\n  ${quoted}: {protected: true}`,
      `freezes:\n  - ${freeze}, services: [${quoted}]}`,
      `alarms:\n  - {pattern: "*", service: ${quoted}}`,
    ]) {
      expect(problemsOf(yaml).map(({ message }) => message)).toEqual([
        expect.stringContaining("no name of an ECS service"),
      ]);
    }
  });
});

describe("a hint", () => {
  it.each([
    ["limits:\n  maxTask: 3", 'did you mean "maxTasks"?'],
    ["limits:\n  MAXTASKS: 3", 'did you mean "maxTasks"?'],
    ["killswitch: true", 'did you mean "killSwitch"?'],
    ["services:\n  shop:\n    protectd: true", 'did you mean "protected"?'],
    ["alarms:\n  - {patern: a, service: b}", 'did you mean "pattern"?'],
    ["maxTasks: 3", 'it belongs under "limits"'],
    ["limits:\n  killSwitch: true", "it belongs at the top"],
    ["evidence:\n  everything: true", "known here: cloudTrail, actionLogs"],
    ["modes:\n  restart: atuo", 'did you mean "auto"?'],
    ["killSwitch: yes", "write true or false"],
    ['limits:\n  maxTasks: "3"', "write a number, without quotes"],
    ["limits:", "leave the key out to have its default"],
    ["tolerateGaps: logs", "write a list: [one, two]"],
    ["freezes:\n  - {from: Fri 16:00, to: Mon 08:00, timezone: UTC}", 'did you mean "timeZone"?'],
  ])("for %j is %j", (yaml, hint) => {
    expect(problemsOf(yaml).map((problem) => problem.hint)).toContain(hint);
  });

  it.each([
    ["restart", "rollback"],
    ["x", "scale"],
    ["m".repeat(100_000), "maxTasks"],
  ])("is not far-fetched", (word, candidate) => {
    expect(nearest(word, [candidate])).toBeUndefined();
  });

  it("is the nearest of several, and any word is nearest to itself", () => {
    expect(nearest("holdCheck", ["pollSeconds", "holdChecks"])).toBe("holdChecks");
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 }), { minLength: 1 }), (words) => {
        expect(nearest(words[0] ?? "", words)?.toLowerCase()).toBe(words[0]?.toLowerCase());
      }),
    );
  });
});

describe("problems of a policy file", () => {
  it("name the line and the path of an unknown key", () => {
    expect(places(text("version: 1", "limits:", "  maxTasks: 3", "  maxTask: 4"))).toEqual([
      "4 limits.maxTask",
    ]);
  });

  it("name the line of the key, also when its value begins below it", () => {
    expect(places(text("version: 1", "limit:", "  maxTasks: 3", "limits: {}"))).toEqual(["2 limit"]);
  });

  it("name every unknown key, each with its own line", () => {
    expect(places(text("killswitch: true", "version: 1", "mode: auto"))).toEqual(["1 killswitch", "3 mode"]);
  });

  it("are all told at once", () => {
    const yaml = text(
      "version: 2",
      "modes:",
      "  restart: sometimes",
      "limits:",
      "  confidenceThreshold: 1.5",
      "  maxTasks: -3",
      "services:",
      "  shop:",
      "    protectd: true",
      "alarms:",
      "  - pattern: shop-*",
    );

    expect(places(yaml).sort()).toEqual([
      "1 version",
      "11 alarms.0.service",
      "3 modes.restart",
      "5 limits.confidenceThreshold",
      "6 limits.maxTasks",
      "9 services.shop.protectd",
    ]);
  });

  it.each([
    ["text where a number belongs", "limits:\n  maxTasks: many", "2 limits.maxTasks"],
    ["text where yes or no belongs", "killSwitch: yes", "1 killSwitch"],
    ["a list where a mapping belongs", "limits:\n  - maxTasks", "1 limits"],
    ["null where a mapping belongs", "version: 1\nlimits:", "2 limits"],
    ["NaN", "limits:\n  confidenceThreshold: .nan", "2 limits.confidenceThreshold"],
    ["infinity", "limits:\n  cooldownMinutes: .inf", "2 limits.cooldownMinutes"],
    [
      "a date without a time",
      "freezes:\n  - from: 2026-11-27\n    to: 2026-11-28T00:00:00Z",
      "2 freezes.0.from",
    ],
    [
      "weekdays without a time zone",
      "freezes:\n  - from: Fri 16:00\n    to: Mon 08:00",
      "2 freezes.0.timeZone",
    ],
  ])("say where %s stands", (_, yaml, place) => {
    expect(places(yaml)).toContain(place);
  });

  it.each(["just words", "- a\n- b", "42", "true"])("are told of a file that is no mapping: %s", (yaml) => {
    expect(problemsOf(yaml)).toHaveLength(1);
  });

  it.each([
    ["a tab as indentation", "limits:\n\tmaxTasks: 3", 2],
    ["an open quote", 'version: 1\nmodes: "auto', 2],
    ["the same key twice", "version: 1\nkillSwitch: true\nkillSwitch: false", 3],
    ["an unknown alias", "version: 1\nlimits: *missing", undefined],
    ["two documents", "version: 1\n---\nversion: 1", 2],
  ])("are told of %s", (_, yaml, line) => {
    const [problem] = problemsOf(yaml);

    expect(problem).toBeDefined();
    expect(problem?.message).not.toContain("\n");
    if (line !== undefined) expect(problem?.line).toBe(line);
  });

  it("are told of an alias bomb instead of unfolding it", () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(",")}]`,
    );

    const problems = problemsOf(text("a0: &a0 [x,x,x]", ...levels));

    expect(problems).not.toEqual([]);
  });

  it("do not come as exceptions, whatever the text", () => {
    const fragment = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom(
        "limits:",
        "  maxTasks: ",
        "killSwitch: ",
        "services:",
        "- ",
        "&a ",
        "*a",
        "<<: *a",
        "!!binary ",
        "? ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "|",
        ">",
        "\n",
        "\t",
        "'",
        '"',
        "---",
        "...",
        "%YAML 9.9",
        "__proto__:",
        "1e999",
        "0x",
        "!<tag:x> ",
        "# ",
        "freezes:\n  - from: ",
      ),
    );

    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 15 }), (parts) => {
        const result = readPolicy(parts.join(""));

        if (result.ok) expect(Policy.safeParse(result.policy).success).toBe(true);
        else {
          expect(result.problems.length).toBeGreaterThan(0);
          for (const { line, message } of result.problems) {
            expect(message).not.toBe("");
            if (line !== undefined) expect(line).toBeGreaterThan(0);
            if (line !== undefined) expect(line).toBeLessThanOrEqual(parts.join("").split("\n").length);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
