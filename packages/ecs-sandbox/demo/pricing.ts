/** What an order costs. Releases since 1.5.0 price in the currency of the customer. */
import { readFileSync } from "node:fs";

/** The amount of an order and its currency. */
export interface Price {
  readonly total: number;
  readonly currency: string;
}

interface Rate {
  readonly perEuro: number;
}

const basket = 59.7;
const currencies = ["EUR", "EUR", "USD", "GBP", "CHF"];
const refreshMs = 15_000;

/** The pricing of a release. A release that cannot read its price rules throws. */
export function createPricing(version: string): (order: string) => Price {
  if (version === "1.6.0") return priceByRules(JSON.parse(rulesText()) as { rules: { factor: number }[] });
  if (version === "1.5.0") return priceInLocalCurrency();
  return () => ({ total: basket, currency: "EUR" });
}

/** Its refresh keeps the rates that moved and drops the others, which orders in those currencies then lack. */
function priceInLocalCurrency(): (order: string) => Price {
  let rates: Record<string, Rate> = {
    EUR: { perEuro: 1 },
    USD: { perEuro: 1.09 },
    GBP: { perEuro: 0.84 },
    CHF: { perEuro: 0.95 },
  };
  setInterval(() => {
    rates = { EUR: { perEuro: 1 }, USD: { perEuro: 1.1 } };
  }, refreshMs);
  return (order) => {
    const currency = currencies[Number.parseInt(order, 16) % currencies.length] ?? "EUR";
    const { perEuro } = rates[currency] as Rate;
    return { total: basket * perEuro, currency };
  };
}

/** Its rules lie under another key than the one it reads. */
function priceByRules(file: { readonly rules: readonly { readonly factor: number }[] }): () => Price {
  const factor = file.rules.map((rule) => rule.factor).reduce((product, one) => product * one, 1);
  return () => ({ total: basket * factor, currency: "EUR" });
}

function rulesText(): string {
  return readFileSync(new URL("price-rules.json", import.meta.url), "utf8");
}
