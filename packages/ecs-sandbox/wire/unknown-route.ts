import type { WireRefusal, WireRequest } from "./protocol.ts";

const code = "UnknownOperationException";

/**
 * The refusal of a request that is for no protocol of the sandbox, or undefined when it may be for one. AWS
 * answers 404: in JSON for a path (the REST protocols name operations so), in XML for a JSON content type
 * without a target.
 */
export function refuseUnknownRoute(request: WireRequest): WireRefusal | undefined {
  if (request.headers["x-amz-target"] !== undefined) return undefined;
  const path = request.url.split("?")[0] ?? "/";
  const isJson = /^application\/x-amz-json/.test(request.headers["content-type"] ?? "");
  if (path === "/" && !isJson) return undefined;
  const [contentType, body] =
    path === "/"
      ? ["application/xml", `<${code}/>\n`]
      : ["application/json", JSON.stringify({ message: null })];
  return {
    service: "unknown",
    operation: `${request.method} ${path}`,
    fault: { code, message: "", status: 404 },
    fail: (fault, requestId) => ({
      status: fault.status,
      headers: { "content-type": contentType, "x-amzn-requestid": requestId, "x-amzn-errortype": fault.code },
      body,
    }),
  };
}
