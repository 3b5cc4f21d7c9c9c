import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";

describe("measuring", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
  });
  afterEach(() => test.range.stop());

  it("gives each service one sample a task, and each task its own under its id", async () => {
    await test.createWeb({ desiredCount: 2 });
    const of = (namespace: string, name: string) =>
      test.samples.filter((sample) => sample.namespace === namespace && sample.name === name);
    await eventually(async () => of("AWS/ECS", "MemoryUtilization").length >= 2);

    const service = { ClusterName: "test", ServiceName: "web" };
    const [first, second] = of("AWS/ECS", "MemoryUtilization").slice(-2);
    expect(first?.dimensions).toEqual(service);
    expect(first?.at).toBe(second?.at);
    expect(first?.value).toBeGreaterThan(5);
    expect(first?.value).toBeLessThan(60);
    const ids = (await test.webTasks()).map((task) => task.taskArn?.split("/").at(-1));
    expect(of("ECS/ContainerInsights", "TaskMemoryUtilization")[0]?.dimensions).toEqual({
      ...service,
      TaskId: expect.toSatisfy((id) => ids.includes(id)),
    });
    expect(of("ECS/ContainerInsights", "RunningTaskCount").at(-1)?.value).toBe(2);
    expect(of("AWS/ECS", "CPUUtilization").length).toBeGreaterThan(0);
  });
});
