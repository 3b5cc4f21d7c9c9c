import type { WireCall, WireFault, WireRefusal, WireRequest, WireResponse } from "./protocol.ts";
import { foldForm } from "./query-input.ts";
import type { AwsService } from "./service.ts";
import { element, toXml } from "./xml.ts";

/**
 * Reads an AWS Query request by its form fields `Action` and `Version`; the version tells the service.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readQueryCall(request: WireRequest, services: readonly AwsService[]): WireCall | WireRefusal {
  const search = request.url.includes("?") ? request.url.slice(request.url.indexOf("?") + 1) : "";
  const fields = new URLSearchParams(request.body === "" ? search : request.body);
  const operation = fields.get("Action") ?? "";
  const version = fields.get("Version") ?? "";
  const service = services.find((s) => s.protocol.kind === "query" && s.protocol.apiVersion === version);
  const namespace = service?.protocol.kind === "query" ? service.protocol.xmlNamespace : "";
  const fail = (fault: WireFault, requestId: string) => errorResponse(namespace, fault, requestId);

  if (!service || !Object.hasOwn(service.operations, operation)) {
    const fault =
      operation === ""
        ? { code: "MissingAction", message: "The request must contain the parameter Action", status: 400 }
        : {
            code: "InvalidAction",
            message: `Could not find operation ${operation} for version ${version || "NO_VERSION_SPECIFIED"}`,
            status: 400,
          };
    return { service: service?.name ?? version, operation, fault, fail };
  }
  const succeed = (output: unknown, requestId: string): WireResponse => ({
    status: 200,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body:
      `<${operation}Response xmlns="${namespace}">${element(`${operation}Result`, output)}` +
      `<ResponseMetadata>${element("RequestId", requestId)}</ResponseMetadata></${operation}Response>`,
  });
  return { service, operation, input: foldForm(fields), succeed, fail };
}

function errorResponse(namespace: string, fault: WireFault, requestId: string): WireResponse {
  const error = {
    Type: fault.status < 500 ? "Sender" : "Receiver",
    Code: fault.code,
    Message: fault.message,
  };
  const attribute = namespace === "" ? "" : ` xmlns="${namespace}"`;
  return {
    status: fault.status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: `<ErrorResponse${attribute}>${toXml({ Error: error, RequestId: requestId })}</ErrorResponse>`,
  };
}
