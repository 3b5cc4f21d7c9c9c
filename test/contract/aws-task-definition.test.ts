import { expect, it } from "vitest";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const arn = "arn:aws:ecs:us-east-1:000000000000:task-definition/checkout:7";
const bed = useAwsStub();

const definition = {
  taskDefinitionArn: arn,
  family: "checkout",
  revision: 7,
  cpu: "256",
  memory: "512",
  taskRoleArn: "arn:aws:iam::000000000000:role/apps/checkout-task",
  executionRoleArn: "arn:aws:iam::000000000000:role/checkout-execution",
  networkMode: "awsvpc",
  volumes: [{ name: "cache" }],
  registeredAt: 1761991200,
  containerDefinitions: [
    {
      name: "app",
      image: "registry.example/checkout:v7",
      cpu: 0,
      memory: 512,
      memoryReservation: 256,
      environment: [
        { name: "DATABASE_URL", value: "postgres://admin:hunter2@db" },
        { name: "MODE", value: "value-of-mode" },
      ],
      secrets: [{ name: "API_KEY", valueFrom: "arn:aws:secretsmanager:where-the-key-is" }],
      portMappings: [{ containerPort: 8080, hostPort: 0 }],
      healthCheck: { command: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"] },
      command: ["node", "server.js"],
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/ecs/checkout", "awslogs-region": "us-east-1" },
      },
    },
    { name: "sidecar", image: "registry.example/sidecar:v1", essential: false },
  ],
};

it("is read with its containers", async () => {
  bed.stub.on("DescribeTaskDefinition", json({ taskDefinition: definition }));

  const reading = await bed.aws.ecs.taskDefinition(arn);

  expect(reading).toEqual({
    arn,
    family: "checkout",
    revision: 7,
    cpu: "256",
    memory: "512",
    taskRole: "checkout-task",
    executionRole: "checkout-execution",
    networkMode: "awsvpc",
    volumes: ["cache"],
    registeredAt: "2025-11-01T10:00:00.000Z",
    containers: [
      {
        name: "app",
        image: "registry.example/checkout:v7",
        essential: true,
        cpu: 0,
        memoryMiB: 512,
        memoryReservationMiB: 256,
        environmentNames: ["DATABASE_URL", "MODE"],
        secretNames: ["API_KEY"],
        environmentFingerprints: { DATABASE_URL: expect.any(String), MODE: expect.any(String) },
        secretFingerprints: { API_KEY: expect.any(String) },
        ports: [8080],
        healthCheck: "CMD-SHELL curl -f http://localhost/ || exit 1",
        command: "node server.js",
        logs: { driver: "awslogs", mode: "non-blocking", group: "/ecs/checkout", region: "us-east-1" },
      },
      {
        name: "sidecar",
        image: "registry.example/sidecar:v1",
        essential: false,
        environmentNames: [],
        secretNames: [],
        ports: [],
        role: "agent",
      },
    ],
  });
});

it("never holds an environment value or where a secret is", async () => {
  bed.stub.on("DescribeTaskDefinition", json({ taskDefinition: definition }));

  const text = JSON.stringify(await bed.aws.ecs.taskDefinition(arn));

  expect(text).toContain("DATABASE_URL");
  expect(text).not.toMatch(/hunter2|value-of-mode|where-the-key-is/);
});

it("tells which settings of two definitions have another value, and not which", async () => {
  const [app] = definition.containerDefinitions;
  const changed = {
    ...app,
    environment: [
      { name: "DATABASE_URL", value: "postgres://admin:hunter3@db" },
      { name: "MODE", value: "value-of-mode" },
    ],
  };
  bed.stub.on(
    "DescribeTaskDefinition",
    json({ taskDefinition: definition }),
    json({ taskDefinition: { ...definition, containerDefinitions: [changed] } }),
  );

  const [before, after] = [await bed.aws.ecs.taskDefinition(arn), await bed.aws.ecs.taskDefinition(arn)];
  const [old, current] = [before, after].map((one) => one?.containers[0]?.environmentFingerprints);

  expect(current?.["MODE"]).toBe(old?.["MODE"]);
  expect(current?.["DATABASE_URL"]).not.toBe(old?.["DATABASE_URL"]);
});

it("is undefined when ECS does not know it, and an error for any other client error", async () => {
  bed.stub.on(
    "DescribeTaskDefinition",
    awsError("ClientException", { message: "Unable to describe task definition." }),
    awsError("ClientException", { message: "Something else." }),
  );

  const unknown = await bed.aws.ecs.taskDefinition(arn);
  const other = await rejection(bed.aws.ecs.taskDefinition(arn));

  expect(unknown).toBeUndefined();
  expect(other).toMatchObject({ code: "aws-failed" });
});
