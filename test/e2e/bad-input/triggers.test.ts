import { describeTriggers } from "./triggers-suite.ts";

/**
 * A number that meets every form, shape and threshold over the whole grid; each kind of poison, with per-task series and
 * without in turn.
 */
describeTriggers({ each: 83, eachPoisoned: 2 });
