import { describe, expect, it } from "vitest";
import { deployment, event, packOf, service, stops } from "../../test/samples/facts.ts";
import { diagnoseBySigns } from "./diagnose-by-signs.ts";

describe("words of ECS that no class knows", () => {
  it("are quoted where no cause is likely enough", () => {
    const other = {
      ...event("other"),
      data: { class: "other", message: "(service shop) is odd.", count: 1 },
    };

    const { cause, rootCause } = diagnoseBySigns(packOf([service(), deployment(), other as never]));

    expect(cause).toBe("unknown");
    expect(rootCause).toContain("ECS says: “(service shop) is odd”.");
  });

  it("are quoted of a stop, too", () => {
    const stop = stops("other", { stoppedReason: "Task stopped by a rule of tomorrow." });

    expect(diagnoseBySigns(packOf([service(), deployment(), stop])).rootCause).toContain(
      "ECS says: “Task stopped by a rule of tomorrow”.",
    );
  });
});
