import { describeSentences } from "../../test/support/decision-claims/sentences-suite.ts";

describeSentences(30_000);
