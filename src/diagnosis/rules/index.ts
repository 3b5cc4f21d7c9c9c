/** The diagnosis without a model, under its former name. */
export { diagnoseBySigns as diagnoseWithRules } from "../diagnose-by-signs.ts";
