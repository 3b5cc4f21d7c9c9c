/**
 * Fits one temperature to the stated confidence on the families for fitting, and says what it would do on those for
 * checking: `node evals/generated/calibrate.ts [--count 170] [--seed 1]`. It changes nothing.
 */
import { parseArgs } from "node:util";
import { useStubCredentials } from "../recorded/gather.ts";
import { type Claim, reliability } from "../score/calibration.ts";
import { atTemperature, fitTemperature, lossAt } from "../score/temperature.ts";
import { judgeIncidents } from "./judge-incidents.ts";
import { claimsOf } from "./summary.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "170" }, seed: { type: "string", default: "1" } },
});

useStubCredentials();
const given = { count: Number(values.count), seed: values.seed };
const fitting = claimsOf(await judgeIncidents({ ...given, set: "fitting" }));
const checking = claimsOf(await judgeIncidents({ ...given, set: "checking" }));
const temperature = fitTemperature(fitting);
const scaled = (claims: readonly Claim[]): Claim[] =>
  claims.map(({ confidence, right }) => ({ confidence: atTemperature(confidence, temperature), right }));
const line = (name: string, claims: readonly Claim[]) =>
  `${name}: ${claims.length} named, Brier ${reliability(claims).brier?.toFixed(4)} -> ${reliability(scaled(claims)).brier?.toFixed(4)}, loss ${lossAt(claims, 1).toFixed(4)} -> ${lossAt(claims, temperature).toFixed(4)}`;
console.log(`temperature ${temperature.toFixed(3)}`);
console.log(line("fitting", fitting));
console.log(line("checking", checking));
