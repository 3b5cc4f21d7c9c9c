import { describeTriggers } from "./triggers-suite.ts";

/** The whole grid takes some 25 minutes on two cores: `TRIGGERS_EACH=1 npm run test:long -- triggers`. */
describeTriggers({ each: Number(process.env["TRIGGERS_EACH"] ?? 5), eachPoisoned: 1 });
