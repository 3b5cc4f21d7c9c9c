import type { IncomingHttpHeaders } from "node:http";
import type { AwsService } from "./service.ts";

/** An HTTP request as it came in, body already decompressed. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP answer about to go out. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An API error, whatever the protocol. */
export interface WireFault {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** A request understood: which operation of which service, and how to word the answer. */
export interface WireCall {
  readonly service: AwsService;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly succeed: (output: unknown, requestId: string) => WireResponse;
  readonly fail: (fault: WireFault, requestId: string) => WireResponse;
}

/** A request that names no known service or operation, or that cannot be read. */
export interface WireRefusal {
  readonly service: string;
  readonly operation: string;
  readonly fault: WireFault;
  readonly fail: WireCall["fail"];
}
