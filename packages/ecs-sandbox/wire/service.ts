/** How one AWS service of the sandbox plugs into the wire server. */

/** An error as AWS answers it: `code` is the exception name, `status` the HTTP status. */
export class WireError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "WireError";
    this.code = code;
    this.status = status;
  }
}

/**
 * One API operation. Takes the request as plain JSON: for the JSON protocols the body itself, for AWS Query
 * the form fields folded back into objects and arrays (`Foo.member.1` becomes `{ Foo: [..] }`, values stay
 * strings). Returns the response members; throws {@link WireError} for an API error.
 */
export type Operation = (input: Record<string, unknown>) => unknown | Promise<unknown>;

/**
 * The protocol a service speaks. Query services answer XML. A JSON service that spoke Query before may go on to
 * name an error's Query code, where it differs, in a header.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
export type Protocol =
  | {
      readonly kind: "json";
      readonly version: "1.0" | "1.1";
      readonly targetPrefix: string;
      readonly queryCodes?: Readonly<Record<string, string>>;
    }
  | { readonly kind: "query"; readonly apiVersion: string; readonly xmlNamespace: string };

/** One AWS service: its protocol and the operations that the sandbox knows. */
export interface AwsService {
  readonly name: string;
  readonly protocol: Protocol;
  readonly operations: Readonly<Record<string, Operation>>;
}
