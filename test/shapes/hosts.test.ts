import { describe, expect, it } from "vitest";
import { useStubCredentials } from "../../evals/recorded/gather.ts";
import type { Handlers } from "../../evals/scenarios/wire/handlers.ts";
import { factsOf } from "../../src/domain/evidence.ts";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { judged, recorded } from "./reshape.ts";

/** A hung task on a container instance, of EC2 and outside AWS. */

useStubCredentials();

const one = recorded("event-loop-blocked");
const HOST = "arn:aws:ecs:eu-west-1:112233445566:container-instance/prod/0123456789abcdef0123456789abcdef";

/** Every task on one host. */
const onHost = (described: Handlers[string]) => ({
  service: { launchType: "EC2" },
  tasks: (task: Readonly<Record<string, unknown>>) => ({ ...task, containerInstanceArn: HOST }),
  answers: { DescribeContainerInstances: described },
});
const host = (members: object) => () =>
  json({
    containerInstances: [
      {
        containerInstanceArn: HOST,
        ec2InstanceId: "i-0abc",
        status: "ACTIVE",
        agentConnected: true,
        ...members,
      },
    ],
    failures: [],
  });

describe("a task on a host", () => {
  it("is restarted where its agent is connected, and the host says nothing", async () => {
    const { decision, evidence } = await judged(one, onHost(host({})));

    expect(factsOf(evidence, "host")).toEqual([]);
    expect(decision).toMatchObject({ kind: "act", plan: { action: "restart" } });
  });

  it("is not restarted where its agent is disconnected: it would not stop, and the host is a person's", async () => {
    const { decision, evidence } = await judged(one, onHost(host({ agentConnected: false })));

    expect(factsOf(evidence, "host")[0]?.statement).toMatch(
      /^Host i-0abc, with task .*agent is disconnected/,
    );
    expect(decision.kind).toBe("decline");
    expect(decision.trail.find(({ rule }) => rule === "host-reachable")).toMatchObject({
      outcome: "refuse",
      reason: expect.stringContaining("aws ec2 terminate-instances --instance-ids i-0abc"),
    });
  });

  it("outside AWS has its own command", async () => {
    const { decision } = await judged(one, onHost(host({ ec2InstanceId: "mi-0abc", agentConnected: false })));

    expect(decision.trail.find(({ rule }) => rule === "host-reachable")?.reason).toContain(
      "aws ecs deregister-container-instance --cluster prod --container-instance mi-0abc --force",
    );
  });

  it("is told to be gone with its host where ECS knows no such host any more", async () => {
    const { evidence } = await judged(
      one,
      onHost(() => json({ containerInstances: [], failures: [] })),
    );

    expect(factsOf(evidence, "host")[0]).toMatchObject({
      statement: expect.stringContaining("ECS no longer knows it"),
      data: { status: "GONE", agentConnected: false },
    });
  });

  it("is judged without it where the role may not read hosts, which is a gap", async () => {
    const { decision, evidence } = await judged(
      one,
      onHost(() => awsError("AccessDeniedException")),
    );

    expect(evidence.gaps).toContainEqual(expect.objectContaining({ source: "hosts", code: "aws-denied" }));
    expect(decision.kind).toBe("act");
  });
});
