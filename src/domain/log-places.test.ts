import { describe, expect, it } from "vitest";
import { type LogPlace, logPlacesOf, placesText, streamOwner } from "./log-places.ts";
import type { ContainerDefinitionReading, ContainerLogReading, TaskReading } from "./reading.ts";

const AT = { cluster: "prod", otherwise: "/ecs/web" };
const id = (digit: string): string => digit.repeat(32);

function definition(...containers: readonly (readonly [name: string, logs?: object, role?: "router"])[]) {
  return {
    arn: "arn",
    family: "web",
    revision: 1,
    containers: containers.map(
      ([name, logs, role]) =>
        ({
          name,
          ...(logs && { logs: { driver: "awslogs", mode: "non-blocking", ...logs } as ContainerLogReading }),
          ...(role && { role }),
        }) as ContainerDefinitionReading,
    ),
  };
}

describe("the places", () => {
  it("are those of the application; a router's are none, and lines that go elsewhere are a gap", () => {
    const { places, gaps } = logPlacesOf(
      definition(
        ["web", { group: "/app", streamPrefix: "web/web/", mode: "blocking" }],
        ["jobs", { unread: "go to datadog, not CloudWatch" }],
        ["log_router", { group: "firelens-container" }, "router"],
      ),
      AT,
    );

    expect(places).toEqual([
      {
        group: "/app",
        streamPrefix: "web/web/",
        containers: ["web"],
        beside: ["log_router"],
        mayLose: false,
      },
    ]);
    expect(gaps).toMatchObject([
      { source: "logs", message: "The logs of container jobs go to datadog, not CloudWatch: not read." },
    ]);
  });

  it("are a convention only where no container says anything", () => {
    expect(logPlacesOf(undefined, AT).places).toMatchObject([{ group: "/ecs/web", containers: [] }]);
    expect(logPlacesOf(definition(["web"]), AT).places).toMatchObject([{ group: "/ecs/web" }]);
    expect(logPlacesOf(definition(["web", { unread: "go to splunk, not CloudWatch" }]), AT).places).toEqual(
      [],
    );
  });

  it.each(["/ecs/$(ecs_cluster)/web", "/ecs/$ecs_cluster/web"])("have the cluster's name in %s", (group) => {
    expect(logPlacesOf(definition(["web", { group }]), AT).places).toMatchObject([
      { group: "/ecs/prod/web" },
    ]);
  });

  it.each([
    ["/app/$(tag[1])", "$(tag[1])"],
    ["/app/$kubernetes['namespace']", "$kubernetes['namespace']"],
    ["/app/$ecs_cluster_x", "$ecs_cluster_x"],
  ])("of %s are not guessed: the gap names the variable", (group, variable) => {
    const { places, gaps } = logPlacesOf(definition(["web", { group }]), AT);

    expect(places).toEqual([]);
    expect(gaps[0]?.message).toContain(variable);
  });

  it("that two containers share are read once", () => {
    const { places } = logPlacesOf(definition(["a", { group: "/app" }], ["b", { group: "/app" }]), AT);

    expect(places).toMatchObject([{ group: "/app", containers: ["a", "b"] }]);
    expect(placesText([...places, ...places])).toBe("/app");
  });
});

describe("the owner of a stream", () => {
  const place: LogPlace = {
    group: "prod",
    streamPrefix: "web/app/",
    containers: ["app"],
    beside: ["router"],
    mayLose: true,
  };
  const task = (digit: string, runtimeId?: string) =>
    ({ id: id(digit), containers: runtimeId ? [{ name: "app", runtimeId }] : [] }) as unknown as TaskReading;
  const whole = ({ streamPrefix: _, ...rest }: LogPlace): LogPlace => rest;

  it("is the task and the container that AWS put into its name", () => {
    const owner = streamOwner(place, [task("a")]);

    expect(owner(`web/app/${id("a")}`)).toEqual({ taskId: id("a"), container: "app" });
    expect(owner(`payments/app/${id("a")}`)).toBeUndefined();
  });

  it("is none of ours where ECS does not list the task: another service with the same prefix", () => {
    expect(streamOwner(place, [task("a")])(`web/app/${id("b")}`)).toBeUndefined();
    expect(streamOwner(place, undefined)(`web/app/${id("b")}`)).toEqual({
      taskId: id("b"),
      container: "app",
    });
  });

  it("stays where the stream names nobody and its prefix is ours", () => {
    expect(streamOwner(place, [task("a")])("web/app/main")).toEqual({ container: "app" });
  });

  it("of FireLens stands at the end, too", () => {
    const routed = { ...place, streamPrefix: "from-web-firelens-" };

    expect(streamOwner(routed, [task("a")])(`from-web-firelens-${id("a")}`)).toMatchObject({
      taskId: id("a"),
    });
    expect(streamOwner(routed, [task("a")])(`from-web-firelens-${id("c")}`)).toBeUndefined();
  });

  it("without a prefix is Docker's id of the container", () => {
    const [ours, other] = ["1".repeat(64), "2".repeat(64)];
    const owner = streamOwner(whole(place), [task("a", ours)]);

    expect(owner(ours)).toEqual({ taskId: id("a"), container: "app" });
    expect(owner(other)).toBeUndefined();
  });

  it("in a whole group is no router of the same task", () => {
    const owner = streamOwner(whole({ ...place, containers: [] }), [task("a")]);

    expect(owner(`ecs/router/${id("a")}`)).toBeUndefined();
    expect(owner(`ecs/app/${id("a")}`)).toEqual({ taskId: id("a"), container: "app" });
  });

  it("of one stream for all tasks is only that stream", () => {
    const owner = streamOwner({ ...place, streamPrefix: "web", oneStream: true }, [task("a")]);

    expect(owner("web")).toEqual({ container: "app" });
    expect(owner("web-payments")).toBeUndefined();
  });
});
