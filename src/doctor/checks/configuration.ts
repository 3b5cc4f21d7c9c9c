import { type Check, failed, ok } from "../check.ts";

export const configuration: Check = {
  id: "configuration",
  area: "configuration",
  does: "Every environment variable can be read; each problem is a finding of its own. Values are never repeated.",
  remedy: "Correct the variable; `.env.example` has them all.",
  async run({ given }) {
    const { environment } = given.problems;
    if (environment.length > 0) {
      return environment.map((problem) => failed(problem, configuration.remedy, problem.split(":", 1)[0]));
    }
    const config = given.configured?.config;
    const store = config?.store.kind === "dynamodb" ? `dynamodb:${config.store.table}` : "sqlite";
    return ok(`valid: diagnoser ${config?.diagnoser}, mode ceiling ${config?.mode}, store ${store}`);
  },
};
