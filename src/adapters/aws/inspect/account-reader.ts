import type { AccountReader } from "../../../doctor/ports.ts";
import { call } from "../call.ts";
import { defined } from "../defined.ts";
import type { InspectionClients } from "./clients.ts";

/** HTTP dates have whole seconds: on average half a second has passed. Milliseconds. */
const HALF_A_SECOND = 500;

/** Calls STS GetCallerIdentity, and compares the clock with the answer's date. */
export function createAccountReader(clients: InspectionClients): AccountReader {
  return {
    async identity(options) {
      const sdk = await clients.inspection();
      const client = await clients.sts();
      let clockAheadMs: number | undefined;
      const command = new sdk.GetCallerIdentityCommand({});
      command.middlewareStack.add(
        (next) => async (args) => {
          const sent = Date.now();
          const result = await next(args);
          const answered = Date.parse(dateOf(result.response) ?? "");
          const middle = (sent + Date.now()) / 2;
          if (Number.isFinite(answered)) clockAheadMs = middle - (answered + HALF_A_SECOND);
          return result;
        },
        // Low priority runs before the answer is parsed, so that refusals have their date, too.
        { step: "deserialize", priority: "low", name: "keepDateOfAnswer" },
      );
      const answer = await call("sts:GetCallerIdentity", options, (send) => client.send(command, send));
      return defined({ arn: answer.Arn ?? "", account: answer.Account ?? "", clockAheadMs });
    },
  };
}

function dateOf(response: unknown): string | undefined {
  const headers =
    typeof response === "object" && response !== null && "headers" in response ? response.headers : undefined;
  const date =
    typeof headers === "object" && headers !== null && "date" in headers ? headers.date : undefined;
  return typeof date === "string" ? date : undefined;
}
