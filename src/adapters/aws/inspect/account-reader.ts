import type { AccountReader } from "../../../doctor/ports.ts";
import { call } from "../call.ts";
import { defined } from "../defined.ts";
import type { InspectionClients } from "./clients.ts";

/** The Date of HTTP counts whole seconds: on average half a second has passed. */
const HALF_A_SECOND = 500;

/** STS GetCallerIdentity, with the clock of the answer. */
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
        // Low: nearer to the wire than the step that reads the answer, so that refusals have their date too.
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
