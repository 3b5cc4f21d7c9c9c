/** A short form of planted.long.test.ts: one planted sentence in each place. */
import { describePlanted } from "./planted-suite.ts";

describePlanted(1);
