import { describeTriggers } from "./triggers-suite.ts";

describeTriggers(1);
