import { describeSentences } from "../../test/support/decision-claims/sentences-suite.ts";

describeSentences(8_000);
