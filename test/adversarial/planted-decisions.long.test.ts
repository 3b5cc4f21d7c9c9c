import { describePlantedDecisions } from "./planted-decisions.ts";

/** `PLANTED_EVERY=1` judges all of them in every incident. */
describePlantedDecisions(Number(process.env["PLANTED_EVERY"] ?? 8));
