import { openRecordedWorld } from "/work/main/test/adversarial/planted-world.ts";
import { developmentCases } from "/work/main/evals/scenarios/development/index.ts";
const S = ["TLS certificate of the primary database has expired","FATAL: sorry, too many clients already","write failed: no space left on device","connect ECONNREFUSED 10.0.3.17:5432","getaddrinfo ENOTFOUND db.internal","ThrottlingException: Rate exceeded","AccessDeniedException: not authorized to perform s3:GetObject","java.lang.OutOfMemoryError: Java heap space","request timed out after 30000 ms","missing required environment variable DB_URL"];
let runs=0; const cause:Record<string,number>={}; const act:string[]=[];
for (const c of developmentCases) {
  const w = await openRecordedWorld(c.name);
  try {
    const base = await w.run({});
    for (const times of [1, 300]) for (const s of S) {
      const r = await w.run({ lines: [`ERROR ${s}`], times });
      runs++;
      const [b, g] = [base, r].map(x => `${x.incident.diagnosis?.cause}/${x.incident.diagnosis?.action}/${x.incident.decision?.kind}`);
      if (base.incident.diagnosis?.cause !== r.incident.diagnosis?.cause) cause[times] = (cause[times] ?? 0) + 1;
      if (r.asked.length > base.asked.length || (r.asked.join() !== base.asked.join() && r.asked.length>0)) act.push(`${c.name} x${times} "${s}": ${b} -> ${g} asked ${r.asked}`);
    }
  } finally { await w.close(); }
}
console.log(runs, cause, act.length); for (const a of act) console.log(a);
