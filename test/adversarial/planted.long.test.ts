import { describePlanted } from "./planted-suite.ts";

describePlanted(6);
