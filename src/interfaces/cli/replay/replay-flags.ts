export interface ReplayFlags {
  readonly diagnoser?: "rules" | "model";
  readonly model?: string;
  readonly policy?: string;
  readonly all?: boolean;
  readonly days?: number;
  readonly json?: boolean;
}
