import { describeTriggers } from "./triggers-suite.ts";

/** A number that meets every form, shape and threshold over the whole grid. */
describeTriggers(47);
