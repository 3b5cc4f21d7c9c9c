/** Phrases: each is read in its sentence, and every one can match. */
import { describe, expect, test } from "vitest";
import { each, patternsOf } from "./failure-fixture.ts";
import { PHRASES } from "./phrases.ts";
import { isFunctionWord, isPhraseWord, wordWeight } from "./vocabulary.ts";

describe("a phrase is read in its sentence", () => {
  each([
    [
      "a quota of a disk is a full disk",
      "OSError: [Errno 122] Disk quota exceeded: '/mnt/efs/x'",
      { signal: "disk-full" },
    ],
    [
      "a quota of calls is throttling",
      "ERROR Quota exceeded for quota metric 'Queries'",
      { signal: "throttled" },
    ],
  ]);

  test("the memory of Redis is not the task's, in Python either", () => {
    const [pattern] = patternsOf([
      "redis.exceptions.OutOfMemoryError: command not allowed when used memory > 'maxmemory'.",
    ]);

    expect(pattern?.signal).not.toBe("out-of-memory");
    expect(pattern?.template).toContain("cache-full");
  });

  test("each word of a phrase is read: else the phrase can never match", () => {
    const words = PHRASES.flatMap(([pattern]) =>
      (
        pattern.source
          .replaceAll(/<[a-z]+>|\(\?<?[:!=]|\\[a-z]|\(\?:ion\)\?|non-2xx|5xx|KeyError|UNAVAILABLE/g, " ")
          .match(/[A-Za-z]{2,}/g) ?? []
      ).map((word) => word.toLowerCase()),
    );
    const unread = words.filter(
      (word) => wordWeight(word) === undefined && !isFunctionWord(word) && !isPhraseWord(word),
    );

    expect([...new Set(unread)]).toEqual(["ion", "outofmemoryerror"]);
  });
});
