// The smallest agent that can be judged: it listens for alarms and reports that it does not know and did nothing.
// Run: opsagent eval --live --agent "node evals/live/example-agent.mjs"
import { createServer } from "node:http";

const { ALARM_PORT, REPORT_URL, AWS_ENDPOINT_URL, ECS_CLUSTER } = process.env;

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  response.writeHead(202).end();
  if (request.method !== "POST") return;

  const [record] = JSON.parse(body).Records;
  const alarm = JSON.parse(record.Sns.Message);
  if (alarm.NewStateValue !== "ALARM") return;

  // A real one would now ask the AWS APIs at AWS_ENDPOINT_URL what is wrong in ECS_CLUSTER, and mend it.
  const report = {
    cause: "unknown",
    rootCause: `${alarm.AlarmName} in ${ECS_CLUSTER} at ${AWS_ENDPOINT_URL}: not looked into`,
    action: "none",
    status: "escalated",
    confidence: 0,
    permits: [],
  };
  await fetch(REPORT_URL, { method: "POST", body: JSON.stringify(report) });
}).listen(Number(ALARM_PORT), "127.0.0.1");
