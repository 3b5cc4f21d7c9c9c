import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricAlarm, metricMathAlarm, record } from "../../test/support/sns.ts";
import { Alert } from "../domain/alert.ts";
import { readEvent } from "./read-event.ts";
import { SENDERS } from "./senders/index.ts";
import { isoTime, keyOf, matches } from "./target-resolution.ts";

const context = {
  receivedAt: "2026-11-23T07:00:02.000Z",
  cluster: "production",
  alarms: [{ pattern: "*", service: "shop" }],
};

/** A JSON value with one part of it replaced by junk. */
function mutated(base: unknown): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.array(fc.nat(40), { maxLength: 4 }), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
    .map(([path, junk]) => replaceAt(base, path, junk));
}

function replaceAt(value: unknown, path: readonly number[], junk: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return junk;
  const entries = Object.entries(value);
  const index = step % Math.max(1, entries.length);
  const changed = entries.map(([key, item], at) => [key, at === index ? replaceAt(item, rest, junk) : item]);
  return Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed);
}

const message = fc.oneof(
  mutated(metricAlarm()),
  mutated(metricMathAlarm()),
  mutated({ service: "shop", metric: "cpu", value: 97, threshold: 80 }),
  fc.jsonValue(),
  fc.string(),
);

const examples = SENDERS.flatMap((sender) => sender.examples.map((one) => one.event));

const event = fc.oneof(
  ...examples.map((one) => mutated(one)),
  fc
    .array(
      fc.oneof(
        message.map((one) => record(one)),
        fc.jsonValue(),
        mutated(record(metricAlarm())),
      ),
      {
        maxLength: 4,
      },
    )
    .map((Records) => ({ Records })),
  message.map((one) => ({ Message: typeof one === "string" ? one : JSON.stringify(one) })),
  fc.jsonValue(),
  fc.anything(),
  fc.string(),
  fc.json(),
);

/** Of how many parts an event says of itself that it is: each is an alert, a note or a problem. */
function partsOf(given: unknown): number {
  const { Records, alerts, truncatedAlerts, ...rest } = Object(given);
  if (Object.hasOwn(Object(given), "Records"))
    return Array.isArray(Records) && Records.length > 0 ? Records.length : 1;
  const isGroup = Array.isArray(alerts) && alerts.length > 0 && !("Message" in rest);
  const otherSender =
    "alarmData" in rest || (typeof rest["detail-type"] === "string" && DETAIL_TYPE.test(rest["detail-type"]));
  if (!isGroup || otherSender) return 1;
  if (truncatedAlerts !== undefined && truncatedAlerts !== null && typeof truncatedAlerts !== "number")
    return 1;
  return alerts.length + (truncatedAlerts > 0 ? 1 : 0);
}

const DETAIL_TYPE = /^(CloudWatch Alarm (?:Contributor )?State Change|ECS .*(State Change|Action))$/;

describe("reading any event", () => {
  it("never throws, and accounts for every record with a valid alert or a problem with its path", () => {
    fc.assert(
      fc.property(event, (given) => {
        const { alerts, noted, stops, unreadable } = readEvent(given, context);

        expect(alerts.length + stops.length + noted.length + unreadable.length).toBe(partsOf(given));
        for (const alert of [...alerts, ...stops.map((one) => one.alert)]) {
          expect(Alert.safeParse(alert).error).toBeUndefined();
          expect(alert.target === undefined).toBe(alert.targetProblem !== undefined);
        }
        for (const problem of unreadable) {
          expect(problem.path).not.toBe("");
          expect(problem.message).not.toBe("");
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("gives a text what it gives the parsed value", () => {
    fc.assert(
      fc.property(event, (given) => {
        const text = JSON.stringify(given);
        if (text === undefined || typeof given === "string") return;

        expect(readEvent(text, context)).toEqual(readEvent(JSON.parse(text), context));
      }),
    );
  });

  it("gives every record its own path", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (messages) => {
        const { unreadable } = readEvent({ Records: messages.map((one) => record(`{${one}`)) }, context);

        expect(unreadable.map(({ path }) => path)).toEqual(
          messages.map((_, index) => `Records[${index}].Sns.Message`),
        );
      }),
    );
  });
});

/** The obvious matcher: a star eats nothing, or one more character. */
function naiveMatch(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  if (pattern[0] === "*") {
    return naiveMatch(pattern.slice(1), name) || (name !== "" && naiveMatch(pattern, name.slice(1)));
  }
  return pattern[0] === name[0] && naiveMatch(pattern.slice(1), name.slice(1));
}

describe("an alarm name pattern", () => {
  const letters = (characters: string) => fc.string({ unit: fc.constantFrom(...characters), maxLength: 9 });

  it("matches as the obvious matcher says", () => {
    fc.assert(
      fc.property(letters("ab*"), letters("ab"), (pattern, name) => {
        expect(matches(pattern, name)).toBe(naiveMatch(pattern, name));
      }),
      { numRuns: 5000 },
    );
  });

  it("takes every other character as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(matches(name.replaceAll("*", ""), name.replaceAll("*", ""))).toBe(true);
        expect(matches("*", name)).toBe(true);
        expect(matches(`*${name.replaceAll("*", "")}*`, `x${name.replaceAll("*", "")}y`)).toBe(true);
      }),
    );
    expect(matches("a.c", "abc")).toBe(false);
    expect(matches("shop-?", "shop-1")).toBe(false);
  });

  it("is quick for patterns that make others slow", () => {
    const started = performance.now();

    matches("*a".repeat(5_000), `${"a".repeat(4_999)}b`);

    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("keys and times", () => {
  it("tell different parts apart, also where they join to the same text", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
        expect(keyOf(...a) === keyOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(keyOf("a", "b")).not.toBe(keyOf("ab"));
  });

  it("are read whatever the offset's form", () => {
    const expected = "2026-11-23T07:00:00.000Z";

    expect(isoTime("2026-11-23T07:00:00.000+0000")).toBe(expected);
    expect(isoTime("2026-11-23T08:00:00.000+01:00")).toBe(expected);
    expect(isoTime("2026-11-23T02:00:00.000-0500")).toBe(expected);
    expect(isoTime("2026-11-23T07:00:00Z")).toBe(expected);
  });

  it("are valid or nothing, for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.date().map(String)), (text) => {
        const time = isoTime(text);

        if (time !== undefined) expect(Alert.shape.firedAt.safeParse(time).success).toBe(true);
      }),
    );
  });
});

describe("fields that AWS has not documented yet", () => {
  const anything = fc.jsonValue();

  it("never make an alarm unreadable", () => {
    fc.assert(
      fc.property(anything, anything, anything, (id, attributes, children) => {
        const given = {
          AlarmName: "any",
          NewStateValue: "ALARM",
          StateChangeTime: "2026-11-23T07:00:00.123+0000",
          AlarmContributorId: id,
          AlarmContributorAttributes: attributes,
          AlarmRule: "ALARM(a)",
          TriggeringChildren: children,
        };
        const { alerts, unreadable } = readEvent({ Message: JSON.stringify(given) }, context);

        expect(unreadable).toEqual([]);
        expect(Alert.safeParse(alerts[0]).error).toBeUndefined();
        expect(alerts[0]?.alarm?.children?.length).toBeGreaterThan(0);
      }),
    );
  });

  it("in a contributor's event are left out", () => {
    fc.assert(
      fc.property(anything, (alarmContributor) => {
        const { alerts, unreadable } = readEvent(
          {
            "detail-type": "CloudWatch Alarm Contributor State Change",
            source: "aws.cloudwatch",
            detail: {
              alarmName: "any",
              alarmContributor,
              state: { value: "ALARM", timestamp: "2026-11-23T07:00:00.123+0000" },
            },
          },
          context,
        );

        expect(unreadable).toEqual([]);
        expect(alerts).toHaveLength(1);
      }),
    );
  });
});
