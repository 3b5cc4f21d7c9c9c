/** The demo shop: `/checkout` does a few milliseconds of work, prices the order and reserves stock in `inventory`. */
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { Agent, request } from "node:http";
import { respond, runService } from "./http-service.ts";
import { log, logError } from "./log.ts";
import { createPricing, type Price } from "./pricing.ts";
import { burnCpu } from "./work.ts";

const version = process.env["APP_VERSION"] ?? "1.4.2";
const inventoryUrl = process.env["INVENTORY_URL"] ?? "";
const checkoutCpuMs = Number(process.env["CHECKOUT_CPU_MS"] ?? "4");
const upstream = new Agent({ keepAlive: true });
const priceOf = createPricing(version);
let served = 0;

runService("shop", version, (_request, response, path) => {
  if (path === "/checkout") checkout(response);
  else if (path.startsWith("/products")) products(response, path);
  else respond(response, 404, { error: "not found" });
});

function products(response: ServerResponse, path: string): void {
  burnCpu(checkoutCpuMs / 4);
  respond(response, 200, { product: path.slice("/products/".length), price: 1990, currency: "EUR" });
}

function checkout(response: ServerResponse): void {
  const started = performance.now();
  const order = randomBytes(4).toString("hex");
  burnCpu(checkoutCpuMs);
  let price: Price;
  try {
    price = priceOf(order);
  } catch (error) {
    logError("checkout", `order ${order} failed`, error as Error);
    respond(response, 500, { order, error: "internal error" });
    return;
  }
  reserve(order).then(
    () => {
      served += 1;
      const took = Math.round(performance.now() - started);
      if (served % 20 === 1)
        log(
          "INFO",
          "checkout",
          `order ${order} placed items=3 total=${price.total.toFixed(2)} ${price.currency} took=${took}ms`,
        );
      respond(response, 200, { order, status: "placed" });
    },
    (error: Error) => {
      logError("checkout", `order ${order} failed: POST ${inventoryUrl}/reservations`, error);
      respond(response, 502, { order, error: "inventory unavailable" });
    },
  );
}

/** Reserves stock upstream. Rejects when inventory cannot be reached or refuses. */
function reserve(order: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent: upstream, method: "POST", timeout: 2000 };
    const call = request(`${inventoryUrl}/reservations?order=${order}`, options, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) answer.on("end", resolve);
      else reject(new Error(`inventory answered ${answer.statusCode}`));
    });
    call.on("timeout", () => call.destroy(new Error("timeout of 2000ms exceeded")));
    call.on("error", reject);
    call.end();
  });
}
