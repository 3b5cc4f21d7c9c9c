import { afterEach, expect, it, vi } from "vitest";
import { complain, print } from "./terminal.ts";

afterEach(() => vi.restoreAllMocks());

it.each([
  ["print", print, process.stdout],
  ["complain", complain, process.stderr],
] as const)("%s lets no stranger's text steer the terminal", (_, say, stream) => {
  const written = vi.spyOn(stream, "write").mockReturnValue(true);

  say("a\u001b[2Jb\u001b]0;title\u0007c\u009b1md\re\u202ef\n\tg é 日 ✅ 👩‍🚒");

  expect(written.mock.calls[0]?.[0]).toBe("abcd\ufffde\ufffdf\n\tg é 日 ✅ 👩‍🚒\n");
});
