/** A short form of planted-decisions.long.test.ts. */
import { describePlantedDecisions } from "./planted-decisions.ts";

describePlantedDecisions(60);
