import { describe, expect, it } from "vitest";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const target = { cluster: "shop", service: "checkout" };
const ecs = "arn:aws:ecs:us-east-1:000000000000";
const deploymentArn = (id: string) => `${ecs}:service-deployment/shop/checkout/${id}`;
const revisionArn = (id: number) => `${ecs}:service-revision/shop/checkout/${id}`;
const definitionArn = (revision: number) => `${ecs}:task-definition/checkout:${revision}`;
const bed = useAwsStub();

const brief = (id: string, revision: number, createdAt: number) => ({
  serviceDeploymentArn: deploymentArn(id),
  targetServiceRevisionArn: revisionArn(revision),
  createdAt,
  status: "SUCCESSFUL",
});

const revision = (id: number, definition: number, digest: string) => ({
  serviceRevisionArn: revisionArn(id),
  taskDefinition: definitionArn(definition),
  containerImages: [{ containerName: "app", image: "checkout:stable", imageDigest: digest }],
});

describe("the deployment history", () => {
  it("tells what was deployed, what it replaced and what it went back to", async () => {
    bed.stub.on(
      "ListServiceDeployments",
      json({ serviceDeployments: [brief("old", 1, 1761991200), brief("new", 2, 1761994800)] }),
    );
    bed.stub.on(
      "DescribeServiceDeployments",
      json({
        serviceDeployments: [
          { ...brief("old", 1, 1761991200), targetServiceRevision: { arn: revisionArn(1) } },
          {
            ...brief("new", 2, 1761994800),
            startedAt: 1761994801,
            finishedAt: 1761994900,
            status: "ROLLBACK_SUCCESSFUL",
            statusReason: "Service deployment rolled back.",
            targetServiceRevision: { arn: revisionArn(2) },
            sourceServiceRevisions: [{ arn: revisionArn(1) }],
            deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 },
            rollback: { reason: "Circuit breaker.", serviceRevisionArn: revisionArn(1) },
          },
        ],
      }),
    );
    bed.stub.on(
      "DescribeServiceRevisions",
      json({ serviceRevisions: [revision(1, 13, "sha256:a"), revision(2, 14, "sha256:b")] }),
    );

    const history = await bed.aws.deploymentHistory.deployments(target);

    expect(history).toEqual([
      {
        id: "new",
        arn: deploymentArn("new"),
        revision: "2",
        status: "ROLLBACK_SUCCESSFUL",
        reason: "Service deployment rolled back.",
        createdAt: "2025-11-01T11:00:00.000Z",
        startedAt: "2025-11-01T11:00:01.000Z",
        finishedAt: "2025-11-01T11:01:40.000Z",
        taskDefinition: definitionArn(14),
        images: [{ container: "app", image: "checkout:stable", digest: "sha256:b" }],
        replaced: [definitionArn(13)],
        circuitBreaker: { status: "TRIGGERED", failures: 3, threshold: 3 },
        rollback: { reason: "Circuit breaker.", taskDefinition: definitionArn(13) },
      },
      {
        id: "old",
        arn: deploymentArn("old"),
        revision: "1",
        status: "SUCCESSFUL",
        createdAt: "2025-11-01T10:00:00.000Z",
        taskDefinition: definitionArn(13),
        images: [{ container: "app", image: "checkout:stable", digest: "sha256:a" }],
        replaced: [],
      },
    ]);
    expect(bed.stub.calls("ListServiceDeployments")).toEqual([
      { cluster: "shop", service: "checkout", maxResults: 100 },
    ]);
  });

  it("is at most four calls about the twenty newest, whatever order and however many", async () => {
    const many = Array.from({ length: 100 }, (_, index) => brief(`d${index}`, index, 1_761_000_000 + index));
    bed.stub.on("ListServiceDeployments", json({ serviceDeployments: many, nextToken: "again" }));
    bed.stub.on("DescribeServiceDeployments", json({ serviceDeployments: [] }));
    bed.stub.on("DescribeServiceRevisions", json({ serviceRevisions: [] }));

    const history = await bed.aws.deploymentHistory.deployments(target);

    expect(history).toEqual([]);
    expect(bed.stub.calls("ListServiceDeployments")).toHaveLength(2);
    const [asked] = bed.stub.calls("DescribeServiceDeployments");
    expect(asked?.["serviceDeploymentArns"]).toHaveLength(20);
    expect(asked?.["serviceDeploymentArns"]).toContain(deploymentArn("d99"));
    expect(bed.stub.calls("DescribeServiceRevisions")).toHaveLength(1);
  });

  it("is empty for a service without one, and asks nothing more", async () => {
    bed.stub.on("ListServiceDeployments", json({ serviceDeployments: [] }));

    const history = await bed.aws.deploymentHistory.deployments(target);

    expect(history).toEqual([]);
    expect(bed.stub.calls("DescribeServiceDeployments")).toEqual([]);
  });

  it("survives entries without anything in them", async () => {
    bed.stub.on("ListServiceDeployments", json({ serviceDeployments: [{}, brief("one", 1, 1761991200)] }));
    bed.stub.on("DescribeServiceDeployments", json({ serviceDeployments: [{}] }));
    bed.stub.on("DescribeServiceRevisions", json({}));

    const history = await bed.aws.deploymentHistory.deployments(target);

    expect(history).toEqual([{ id: "", status: "UNKNOWN", images: [], replaced: [] }]);
  });

  it.each([
    [
      "AccessDeniedException",
      { code: "aws-denied", remedy: expect.stringContaining("ecs:ListServiceDeployments") },
    ],
    ["UnknownOperationException", { code: "aws-unsupported", retryable: false }],
  ])("%s", async (code, expected) => {
    bed.stub.on("ListServiceDeployments", awsError(code));

    const error = await rejection(bed.aws.deploymentHistory.deployments(target));

    expect(error).toMatchObject(expected);
  });
});
