import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLaggingReads, type LaggingReads } from "./lagging-reads.ts";
import type { Operation } from "./service.ts";
import { snapshot } from "./state-snapshot.ts";

interface State {
  readonly services: Map<string, { desired: number }>;
}

function operationsOver(state: State): Record<string, Operation> {
  return {
    UpdateService(input) {
      const service = state.services.get("web");
      if (service) service.desired = Number(input["desired"]);
      return { service: { ...service } };
    },
    DescribeServices: () => ({ services: [...state.services.values()].map((one) => ({ ...one })) }),
  };
}

describe("reads that lag", () => {
  const state: State = { services: new Map() };
  let reads: LaggingReads;

  beforeEach(() => {
    vi.useFakeTimers();
    state.services.set("web", { desired: 2 });
    reads = createLaggingReads({
      service: {
        name: "ecs",
        protocol: { kind: "json", version: "1.1", targetPrefix: "T" },
        operations: operationsOver(state),
      },
      state,
      operationsOver,
      now: Date.now,
    });
  });
  afterEach(() => {
    reads.setLag(0);
    vi.useRealTimers();
  });

  const describeServices = () => reads.service.operations["DescribeServices"]?.({});
  const scaleTo = (desired: number) => reads.service.operations["UpdateService"]?.({ desired });

  it("show a write at once without a lag", () => {
    scaleTo(4);

    expect(describeServices()).toEqual({ services: [{ desired: 4 }] });
  });

  it("show a write only when the lag is over, though the write itself is answered fresh", () => {
    reads.setLag(2_000);
    vi.advanceTimersByTime(5_000);

    expect(scaleTo(4)).toEqual({ service: { desired: 4 } });

    vi.advanceTimersByTime(1_900);
    expect(describeServices()).toEqual({ services: [{ desired: 2 }] });
    vi.advanceTimersByTime(300);
    expect(describeServices()).toEqual({ services: [{ desired: 4 }] });
  });

  it("lag from the moment that the lag is set, and no longer than it is", () => {
    reads.setLag(60_000);
    scaleTo(4);
    expect(describeServices()).toEqual({ services: [{ desired: 2 }] });

    reads.setLag(0);

    expect(describeServices()).toEqual({ services: [{ desired: 4 }] });
  });
});

describe("snapshot", () => {
  it("keeps references, circles included, and shares nothing that can be copied", () => {
    const service = { name: "web", at: new Date(5), tasks: [] as unknown[] };
    const task = { service, process: new AbortController(), send: () => 1 };
    service.tasks.push(task);
    const original = {
      tasks: new Map([["a", task]]),
      services: new Map([["web", service]]),
      names: new Set(["web"]),
    };

    const copied = snapshot(original);
    service.name = "changed";
    original.tasks.clear();
    original.names.clear();

    const copiedTask = copied.tasks.get("a");
    expect(copiedTask?.service.name).toBe("web");
    expect(copiedTask?.service).toBe(copied.services.get("web"));
    expect(copied.services.get("web")?.tasks[0]).toBe(copiedTask);
    expect(copiedTask?.service.at).toEqual(new Date(5));
    expect(copied.names).toEqual(new Set(["web"]));
    expect(copiedTask?.process).toBe(task.process);
    expect(copiedTask?.send).toBe(task.send);
  });
});
