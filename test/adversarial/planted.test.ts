/** A short form of planted.long.test.ts: one planted sentence in each place, in one incident. */
import { describePlanted } from "./planted-suite.ts";

describePlanted(1, 1);
