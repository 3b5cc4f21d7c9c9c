/** The demo shop: `/checkout` works for a few milliseconds, prices the order and passes it to its dependencies. */
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { respond, runService } from "./http-service.ts";
import { log, logError } from "./log.ts";
import { createPricing, type Price } from "./pricing.ts";
import { releaseOf, requireSettings, settingOf } from "./releases.ts";
import { createDependencies, DependencyError } from "./shop-dependencies.ts";
import { burnCpu } from "./work.ts";

const version = process.env["APP_VERSION"] ?? "1.4.2";
const release = releaseOf("shop", version);
const checkoutCpuMs = Number(process.env["CHECKOUT_CPU_MS"] ?? "4") * (release.cpuFactor ?? 1);
const dependencies = createDependencies((name, otherwise) => settingOf(release, name, otherwise));
const priceOf = createPricing(version);
let served = 0;

requireSettings(release);
const { healthPath, warmUpMs } = release;
runService({ name: "shop", version, healthPath, warmUpMs }, (_request, response, path) => {
  if (path === "/checkout") checkout(response);
  else if (path.startsWith("/products")) products(response, path);
  else respond(response, 404, { error: "not found" });
});
release.start?.();

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
  dependencies.place(order).then(
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
      const isUpstream = error instanceof DependencyError;
      const what = isUpstream ? `: ${error.request}` : "";
      logError("checkout", `order ${order} failed${what}`, error);
      respond(response, isUpstream ? 502 : 500, {
        order,
        error: isUpstream ? error.answer : "internal error",
      });
    },
  );
}
