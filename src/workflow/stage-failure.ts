import type { Failure } from "../domain/incident/incident.ts";

/** A stage that failed for a known reason; carries what the report has to say. */
export class StageFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "StageFailure";
    this.failure = failure;
  }
}
