/** The demo inventory: reserves stock for an order, in `DATABASE_ADDRESS` if set, else in memory. */
import { keepsConnection } from "./conditions.ts";
import { respond, runService } from "./http-service.ts";
import { log } from "./log.ts";
import { createPool } from "./pool.ts";
import { releaseOf, requireSettings } from "./releases.ts";
import { burnCpu } from "./work.ts";

const version = process.env["APP_VERSION"] ?? "2.0.3";
const release = releaseOf("inventory", version);
const address = process.env["DATABASE_ADDRESS"];
const pool =
  address === undefined ? undefined : createPool(address, Number(process.env["DB_POOL_SIZE"] ?? "10"));
const acquireTimeoutMs = Number(process.env["DB_ACQUIRE_TIMEOUT_MS"] ?? "1000");
const queryTimeoutMs = Number(process.env["DB_QUERY_TIMEOUT_MS"] ?? "1500");
const reservationCpuMs = Number(process.env["RESERVATION_CPU_MS"] ?? "0");
let reserved = 0;

requireSettings(release);
const { healthPath } = release;
runService({ name: "inventory", version, healthPath, checkPool }, (request, response, path) => {
  if (path !== "/reservations") {
    respond(response, 404, { error: "not found" });
    return;
  }
  const order = new URL(request.url ?? "/", "http://localhost").searchParams.get("order") ?? "";
  // Also for a caller that has given up, which it cannot know.
  if (reservationCpuMs > 0) burnCpu(reservationCpuMs);
  reserve(order).then(
    () => {
      reserved += 1;
      if (reserved % 50 === 1) log("INFO", "stock", `reservation ${reserved} confirmed`);
      respond(response, 200, { status: "reserved" });
    },
    (error: Error) => {
      log("ERROR", "stock", `reservation of order ${order} failed: ${error.message}`);
      respond(response, 503, { error: "stock unavailable" });
    },
  );
});
release.start?.();

/** Within half a second, since checks give up after one. */
async function checkPool(): Promise<void> {
  const lease = await pool?.acquire(500);
  lease?.release();
}

async function reserve(order: string): Promise<void> {
  if (!pool) return;
  const lease = await pool.acquire(acquireTimeoutMs);
  const keeps = keepsConnection();
  try {
    await lease.query(`RESERVE ${order}`, queryTimeoutMs);
  } finally {
    if (!keeps) lease.release();
  }
}
