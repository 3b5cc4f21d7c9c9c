import type { SetUpFailure } from "../report/eval-report.ts";

/** A run that says nothing about the agent. */
export class SetUpError extends Error {
  readonly kind: SetUpFailure["kind"];

  constructor(kind: SetUpFailure["kind"], message: string) {
    super(message);
    this.name = "SetUpError";
    this.kind = kind;
  }
}

/** Runs a part of the set-up; a throw becomes an error named after it. */
export async function settingUp<T>(kind: SetUpFailure["kind"], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof SetUpError) throw fault;
    throw new SetUpError(kind, fault instanceof Error ? fault.message : String(fault));
  }
}
