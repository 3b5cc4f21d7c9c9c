import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callInside } from "../../range.ts";
import { eventually, startTestRange, type TestRange } from "../../range-fixture.ts";

/** Writes 5 MiB a file into its disk until the disk says no, and keeps running. */
const filler = `
process.on("disconnect", () => process.exit(1));
const fs = require("node:fs"); const path = require("node:path");
let n = 0; const write = () => {
  try { fs.writeFileSync(path.join(process.env.TMPDIR, "part" + n++), Buffer.alloc(5 << 20, 1)); setTimeout(write, 20); }
  catch (error) { console.log("stopped at " + n + ": " + error.message); }
}; write(); setInterval(() => {}, 1000);
`;

describe("the limits of a task", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
  });
  afterEach(() => test.range.stop());

  const latest = (name: string) => test.samples.filter((sample) => sample.name === name).at(-1)?.value;

  // Needs Linux with mount namespaces for ordinary processes; elsewhere the demo programs keep a quota themselves.
  it.runIf(process.platform === "linux")(
    "end a disk with the kernel's own error, measured, and leave nothing behind",
    async (context) => {
      test.range.images.push("filler:1", { argv: [process.execPath, "-e", filler] });
      await test.createWeb({ image: "filler:1", service: { launchType: "FARGATE" } });
      const task = () => [...test.range.ecs.state.tasks.values()][0];
      const disk = await eventually(async () => task()?.disk);
      if (disk.launcher.length === 0) context.skip("no mount namespaces here");

      const line = await eventually(async () =>
        test.lines.find((one) => one.message.startsWith("stopped at")),
      );

      expect(line.message).toMatch(/^stopped at [45]: ENOSPC: no space left on device, write$/);
      await eventually(async () => (latest("EphemeralStorageUtilized") ?? 0) > 19);
      expect(latest("EphemeralStorageReserved")).toBe(20);
      await eventually(async () => (latest("TaskEphemeralStorageUtilization") ?? 0) > 95);
      expect(task()?.status).toBe("RUNNING");
      await callInside(test.range, "StopTask", { cluster: "test", task: task()?.arn });
      await eventually(async () => task()?.status === "STOPPED");
      expect(existsSync(disk.path)).toBe(false);
    },
  );

  it("let a container grow over its soft limit, and measure against it", async () => {
    await test.createWeb({ container: { memory: undefined, memoryReservation: 20 } });

    await eventually(async () => (latest("MemoryUtilization") ?? 0) > 100);

    expect(await test.webTasks("STOPPED")).toEqual([]);
    const [task] = await test.webTasks();
    expect(task).toMatchObject({ memory: "20", containers: [{ memoryReservation: "20" }] });
  });

  it("kill the largest container when the whole task is over its limit", async () => {
    await test.registerWeb();
    await test.createWeb({ container: { memory: undefined }, environment: { EAT: "1" }, taskMemory: 128 });

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt),
    );

    expect(stopped).toMatchObject({
      memory: "128",
      containers: [{ exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" }],
    });
  });

  it("count a failing health check inside the start period only once it has passed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "opsagent-test-"));
    // Passes at its first run, fails from then on.
    const command = ["CMD-SHELL", `test ! -e ${folder}/ran && touch ${folder}/ran`];
    const healthCheck = { command, interval: 1, timeout: 1, retries: 1, startPeriod: 300 };

    await test.createWeb({ container: { healthCheck } });

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedReason),
    );
    rmSync(folder, { recursive: true });
    expect(stopped.stoppedReason).toBe("Task failed container health checks");
  });

  it("end a health check that takes too long with everything that it started", async () => {
    const healthCheck = { command: ["CMD-SHELL", "sleep 4711 & wait"], interval: 1, timeout: 1, retries: 1 };
    await test.createWeb({ container: { healthCheck } });

    await eventually(async () => (await test.webTasks("STOPPED")).find((one) => one.stoppedAt));
    await test.range.stop();

    const left = execFileSync("ps", ["-eo", "args="], { encoding: "utf8" });
    expect(left).not.toContain("sleep 4711");
  });
});
