import { isObject } from "./input.ts";
import type { WireCall, WireFault, WireRefusal, WireRequest, WireResponse } from "./protocol.ts";
import type { AwsService } from "./service.ts";

/**
 * Reads an AWS JSON 1.0 or 1.1 request by its `X-Amz-Target: <prefix>.<Operation>`. What cannot be read is
 * refused with the bare type, as AWS does: it gives no message for these errors.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function readJsonCall(request: WireRequest, services: readonly AwsService[]): WireCall | WireRefusal {
  const target = String(request.headers["x-amz-target"] ?? "");
  const dot = target.indexOf(".");
  const [prefix, operation] = [target.slice(0, Math.max(0, dot)), target.slice(dot + 1)];
  const service = services.find((s) => s.protocol.kind === "json" && s.protocol.targetPrefix === prefix);
  const contentType = answerType(request, service);
  const queryCodes = service?.protocol.kind === "json" ? service.protocol.queryCodes : undefined;
  const fail = (fault: WireFault, requestId: string) =>
    errorResponse(contentType, fault, requestId, queryCodes);
  const refuse = (code: string): WireRefusal => ({
    service: service?.name ?? prefix,
    operation,
    fault: { code, message: "", status: 400 },
    fail,
  });

  if (!service || !Object.hasOwn(service.operations, operation)) return refuse("UnknownOperationException");
  const input = parseBody(request.body);
  if (!input) return refuse("SerializationException");
  const succeed = (output: unknown, requestId: string): WireResponse => ({
    status: 200,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    body: toJson(output ?? {}),
  });
  return { service, operation, input, succeed, fail };
}

/** The content type of the service's own version, or for an unknown service that of the request. */
function answerType(request: WireRequest, service: AwsService | undefined): string {
  if (service?.protocol.kind === "json") return `application/x-amz-json-${service.protocol.version}`;
  const asked = /^application\/x-amz-json-1\.[01]/.exec(request.headers["content-type"] ?? "");
  return asked?.[0] ?? "application/x-amz-json-1.1";
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

function errorResponse(
  contentType: string,
  fault: WireFault,
  requestId: string,
  queryCodes: Readonly<Record<string, string>> | undefined,
): WireResponse {
  const queryCode = queryCodes && `${queryCodes[fault.code] ?? fault.code};${senderOf(fault)}`;
  return {
    status: fault.status,
    headers: {
      "content-type": contentType,
      "x-amzn-requestid": requestId,
      "x-amzn-errortype": fault.code,
      ...(queryCode !== undefined && { "x-amzn-query-error": queryCode }),
    },
    body: JSON.stringify({ __type: fault.code, ...(fault.message !== "" && { message: fault.message }) }),
  };
}

function senderOf({ status }: WireFault): "Sender" | "Receiver" {
  return status < 500 ? "Sender" : "Receiver";
}

/** JSON with every Date as epoch seconds, the timestamp format of the AWS JSON protocols. */
function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, current: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : current;
  });
}
