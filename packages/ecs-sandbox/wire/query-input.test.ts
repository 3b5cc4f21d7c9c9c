import { describe, expect, it } from "vitest";
import { foldForm } from "./query-input.ts";

describe("foldForm", () => {
  it("folds lists, flattened lists, maps and nested members", () => {
    const form = new URLSearchParams({
      Action: "Do",
      Version: "1",
      Name: "n",
      "Arns.member.2": "b",
      "Arns.member.1": "a",
      "Flat.1": "x",
      "Attributes.entry.1.key": "k",
      "Attributes.entry.1.value": "v",
      "Message.entry.1.Name": "m",
      "Message.entry.1.Value.StringValue": "s",
      "Targets.member.1.Id": "i-1",
      "Targets.member.1.Port": "80",
    });

    expect(foldForm(form)).toEqual({
      Name: "n",
      Arns: ["a", "b"],
      Flat: ["x"],
      Attributes: { k: "v" },
      Message: { m: { StringValue: "s" } },
      Targets: [{ Id: "i-1", Port: "80" }],
    });
  });

  it("orders ten and more items by number", () => {
    const form = new URLSearchParams();
    for (let at = 0; at < 11; at += 1) form.set(`A.member.${at + 1}`, String(at));

    expect(foldForm(form)).toEqual({ A: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] });
  });
});
