/** Every call of every port fails once; faults.test.ts has one of each. */
import { describeFailingCalls } from "./faults-suite.ts";

describeFailingCalls("every call", 40);
