import { expect, it } from "vitest";
import { json } from "../../../test/support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../../../test/support/use-aws-stub.ts";

const bed = useAwsStub();
const arn = (name: string) => `arn:aws:ecs:us-east-1:123456789012:service/prod/${name}`;

it("asks for the names themselves, ten a call, and takes deleted services for missing", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `service-${index}`);
  bed.stub.on("DescribeServices", ({ services }) => {
    const asked = services as string[];
    return json({
      services: asked
        .filter((name) => name !== "service-3")
        .map((serviceName) => ({
          serviceName,
          status: serviceName === "service-11" ? "INACTIVE" : "ACTIVE",
        })),
      failures: asked.includes("service-3") ? [{ arn: arn("service-3"), reason: "MISSING" }] : [],
    });
  });

  expect(await bed.aws.serviceNames.missing("prod", names)).toEqual(["service-3", "service-11"]);
  expect(bed.stub.calls("DescribeServices")).toHaveLength(2);
});

it("throws where the answer says nothing of a name", async () => {
  bed.stub.on("DescribeServices", json({ services: [], failures: [] }));

  expect(await rejection(bed.aws.serviceNames.missing("prod", ["shop"]))).toMatchObject({
    code: "aws-failed",
  });
});
