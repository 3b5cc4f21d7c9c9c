/**
 * Removes the envelope of a gRPC status, `rpc error: code = Unavailable desc = connection error: desc = "transport: ..."`
 * (https://github.com/grpc/grpc-go/blob/master/internal/status/status.go): its description is the program's statement and
 * no value after a `=`.
 */
export function unfoldStatus(text: string): string {
  if (!text.includes("rpc error: code = ")) return text;
  return text
    .replaceAll(/rpc error: code = (\w{1,40}) desc = /g, "rpc error code $1: ")
    .replaceAll(/\bdesc = "((?:[^"\\]|\\.){0,2000})"?/g, "$1");
}
