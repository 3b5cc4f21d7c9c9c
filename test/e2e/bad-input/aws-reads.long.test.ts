/** Every read that fails in every way but denied, which aws-reads.test.ts has. */
import { READS } from "../../support/aws-world.ts";
import { describeFailingReads } from "./failing-reads-suite.ts";

describeFailingReads("throttled", READS);
describeFailingReads("timing out", READS);
describeFailingReads("answering garbage", READS);
