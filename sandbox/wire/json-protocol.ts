import { isObject } from "./input.ts";
import type { WireCall, WireFault, WireRefusal, WireRequest, WireResponse } from "./protocol.ts";
import type { AwsService } from "./service.ts";

/**
 * Reads an AWS JSON 1.0 or 1.1 request by its `X-Amz-Target: <prefix>.<Operation>`.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function readJsonCall(request: WireRequest, services: readonly AwsService[]): WireCall | WireRefusal {
  const target = String(request.headers["x-amz-target"] ?? "");
  const [prefix = "", operation = ""] = target.split(".");
  const service = services.find((s) => s.protocol.kind === "json" && s.protocol.targetPrefix === prefix);
  const version = service?.protocol.kind === "json" ? service.protocol.version : "1.1";
  const contentType = `application/x-amz-json-${version}`;
  const fail = (fault: WireFault, requestId: string) => errorResponse(contentType, fault, requestId);
  const refuse = (code: string, message: string): WireRefusal => ({
    service: service?.name ?? prefix,
    operation,
    fault: { code, message, status: 400 },
    fail,
  });

  if (!service || !Object.hasOwn(service.operations, operation)) {
    return refuse("UnknownOperationException", `The operation ${target} is not known.`);
  }
  const input = parseBody(request.body);
  if (!input) return refuse("SerializationException", "The request body is not a JSON object.");
  const succeed = (output: unknown, requestId: string): WireResponse => ({
    status: 200,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    body: toJson(output ?? {}),
  });
  return { service, operation, input, succeed, fail };
}

function parseBody(body: string): Record<string, unknown> | undefined {
  if (body === "") return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function errorResponse(contentType: string, fault: WireFault, requestId: string): WireResponse {
  return {
    status: fault.status,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId, "x-amzn-errortype": fault.code },
    body: JSON.stringify({ __type: fault.code, message: fault.message }),
  };
}

/** JSON with every Date as epoch seconds, the timestamp format of the AWS JSON protocols. */
function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, current: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : current;
  });
}
