declare module "dynalite" {
  import type { Server } from "node:http";

  /** A server with DynamoDB's wire format that keeps everything in memory. */
  function dynalite(options?: { readonly createTableMs?: number }): Server;
  export = dynalite;
}
