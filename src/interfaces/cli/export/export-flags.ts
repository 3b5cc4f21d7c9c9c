import type { Cause } from "../../../domain/cause.ts";

export interface ExportFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly truth?: Cause;
  readonly keepLogs?: boolean;
  readonly json?: boolean;
}
