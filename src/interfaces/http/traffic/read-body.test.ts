import { describe, expect, it } from "vitest";
import { readBody } from "./read-body.ts";

const limits = { maxBytes: 10, withinMs: 20 };
const request = (body: string | ReadableStream) =>
  new Request("http://x/", { method: "POST", body, duplex: "half" } as RequestInit);
const never = () => new ReadableStream({ pull: () => new Promise(() => {}) });
const endless = () => new ReadableStream({ pull: (to) => to.enqueue(Buffer.from("xxx")) });

describe("a body", () => {
  it("is read byte for byte, also when there is none", async () => {
    expect(await readBody(request("ä🙂"), limits)).toEqual({ ok: true, bytes: Buffer.from("ä🙂") });
    expect(await readBody(new Request("http://x/"), limits)).toEqual({ ok: true, bytes: Buffer.alloc(0) });
  });

  it.each([
    ["too-large", "endless", endless],
    ["too-slow", "never there", never],
    ["too-large", "longer than allowed", () => "12345678901"],
  ])("is %s when it is %s", async (reason, _, body) => {
    expect(await readBody(request(body()), limits)).toEqual({ ok: false, reason });
  });

  it("is too large by its own word, before anything is read", async () => {
    const said = new Request("http://x/", {
      method: "POST",
      headers: { "content-length": "11" },
      body: never(),
      duplex: "half",
    } as RequestInit);

    expect(await readBody(said, { ...limits, withinMs: 60_000 })).toEqual({ ok: false, reason: "too-large" });
  });

  it("is broken when the other side goes away", async () => {
    const gone = new ReadableStream({ pull: (to) => to.error(new Error("reset")) });

    expect(await readBody(request(gone), limits)).toEqual({ ok: false, reason: "broken" });
  });
});
