import { describe, expect, it } from "vitest";
import { OpsAgentError } from "../../domain/errors.ts";
import { readFailure, toOpsAgentError } from "./aws-error.ts";

/** An error as the vendor's client throws it. */
function vendorError(name: string, fields: { status?: number; code?: string; message?: string } = {}): Error {
  const { status, code, message = "a message" } = fields;
  return Object.assign(new Error(message), {
    name,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
  });
}

describe("an error becomes one of ours", () => {
  it.each([
    ["AccessDenied", { status: 403 }, "aws-denied"],
    ["AccessDeniedException", { status: 400 }, "aws-denied"],
    ["UnauthorizedOperation", { status: 403 }, "aws-denied"],
    ["ExpiredTokenException", { status: 400 }, "aws-denied"],
    ["UnrecognizedClientException", { status: 400 }, "aws-denied"],
    ["InvalidSignatureException", { status: 400 }, "aws-denied"],
    ["InvalidClientTokenId", { status: 403 }, "aws-denied"],
    ["CredentialsProviderError", {}, "aws-denied"],
    ["Throttling", { status: 400 }, "aws-throttled"],
    ["ThrottlingException", { status: 400 }, "aws-throttled"],
    ["TooManyRequestsException", { status: 429 }, "aws-throttled"],
    ["RequestLimitExceeded", { status: 503 }, "aws-throttled"],
    ["LimitExceededException", { status: 400 }, "aws-throttled"],
    ["Unknown", { status: 429 }, "aws-throttled"],
    ["Error", { code: "ECONNREFUSED" }, "aws-unreachable"],
    ["Error", { code: "ENOTFOUND" }, "aws-unreachable"],
    ["TimeoutError", { code: "ECONNRESET" }, "aws-unreachable"],
    ["TimeoutError", {}, "aws-unreachable"],
    ["AbortError", {}, "aws-unreachable"],
    ["ClusterNotFoundException", { status: 400 }, "service-not-found"],
    ["ServiceNotFoundException", { status: 400 }, "service-not-found"],
    ["ResourceNotFoundException", { status: 400 }, "aws-failed"],
    ["InternalFailure", { status: 500 }, "aws-failed"],
    ["TypeError", {}, "aws-failed"],
  ])("%s %o: %s", (name, fields, code) => {
    const error = toOpsAgentError("ecs:ListTasks", vendorError(name, fields));

    expect(error.code).toBe(code);
    expect(error.message).toContain("ECS ListTasks failed with");
    expect(error.remedy).toMatch(/\.$/);
  });

  it("that keeps its cause and is bounded in length", () => {
    const cause = vendorError("ClientException", { message: "x".repeat(10_000), status: 400 });

    const error = toOpsAgentError("ecs:ListTasks", cause);

    expect(error.cause).toBe(cause);
    expect(error.message.length).toBeLessThan(400);
  });

  it("unless it is one already", () => {
    const ours = new OpsAgentError({ code: "internal", message: "m", remedy: "r" });

    expect(toOpsAgentError("ecs:ListTasks", ours)).toBe(ours);
  });
});

describe("what is taken for AWS's own word", () => {
  it.each([
    [vendorError("ClientException", { status: 400 }), true],
    [vendorError("ClientException"), false],
    [vendorError("Unknown", { status: 403 }), false],
    [vendorError("403", { status: 403 }), false],
    [vendorError("denied_by_proxy", { status: 403 }), false],
    [vendorError("SyntaxError", { status: 403 }), false],
    [vendorError("TimeoutError", { code: "ECONNRESET", status: 403 }), false],
    ["a thrown string", false],
  ])("%o: %s", (thrown, expected) => {
    expect(readFailure(thrown).fromAws).toBe(expected);
  });
});
