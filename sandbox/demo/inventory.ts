/** The demo inventory: reserves stock for an order. */
import { respond, runService } from "./http-service.ts";
import { log } from "./log.ts";

let reserved = 0;

runService("inventory", "2.0.3", (_request, response, path) => {
  if (path !== "/reservations") {
    respond(response, 404, { error: "not found" });
    return;
  }
  reserved += 1;
  if (reserved % 50 === 1) log("INFO", "stock", `reservation ${reserved} confirmed`);
  respond(response, 200, { status: "reserved" });
});
