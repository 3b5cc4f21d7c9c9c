/**
 * The certificates with which SNS signs. What is checked: that the address is SNS's own (before, in `addresses.ts`), that
 * it was served over HTTPS by a host whose name the machine's trusted roots vouch for (by `fetch`), that it is in force,
 * that its subject is SNS, and where the file brings its issuers, that each signed the one before. Node cannot build a
 * chain to a root whose intermediates are not given, and SNS gives only its own certificate, so that the trust in it
 * rests on HTTPS. `issuer` replaces that trust by a certificate that must have signed it.
 */
import { X509Certificate } from "node:crypto";

export type CertificateResult =
  | { readonly ok: true; readonly certificate: X509Certificate }
  | { readonly ok: false; readonly reason: string; readonly retryable: boolean };

export interface CertificateOptions {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly issuer?: X509Certificate | undefined;
}

const FETCH_WITHIN_MS = 5_000;
const MAX_BYTES = 64 * 1_024;
const MOST_KEPT = 50;
const KEPT_MS = 24 * 3_600_000;
/** So long an address that gave no certificate is not asked again. */
const FAILED_MS = 30_000;

interface Kept {
  readonly result: Promise<CertificateResult>;
  until: number;
}

/** A source of certificates by address; each address is asked once at a time, and remembered for a while. */
export function createCertificates(options: CertificateOptions) {
  const kept = new Map<string, Kept>();
  return async (address: URL): Promise<CertificateResult> => {
    const now = options.now().getTime();
    const known = kept.get(address.href);
    if (known !== undefined && known.until > now) return inForce(await known.result, options);
    for (const [old, { until }] of kept) {
      if (kept.size < MOST_KEPT && until > now) break;
      kept.delete(old);
    }
    const entry: Kept = { result: get(address, options), until: now + KEPT_MS };
    kept.set(address.href, entry);
    const result = await entry.result;
    if (!result.ok) entry.until = now + (result.retryable ? 0 : FAILED_MS);
    return inForce(result, options);
  };
}

async function get(address: URL, { fetch, issuer }: CertificateOptions): Promise<CertificateResult> {
  let pem: string;
  try {
    const response = await fetch(address, {
      redirect: "error",
      signal: AbortSignal.timeout(FETCH_WITHIN_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return {
        ok: false,
        reason: `the certificate's address answered ${response.status}`,
        retryable: response.status >= 500,
      };
    }
    pem = await limited(response);
  } catch (error) {
    const why = error instanceof Error ? error.name : "unknown error";
    return { ok: false, reason: `the certificate could not be fetched: ${why}`, retryable: true };
  }
  return checked(pem, issuer);
}

async function limited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new RangeError("larger than a certificate");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function checked(pem: string, issuer: X509Certificate | undefined): CertificateResult {
  const bad = (reason: string): CertificateResult => ({ ok: false, reason, retryable: false });
  try {
    const chain = (pem.match(CERTIFICATE) ?? []).slice(0, 6).map((one) => new X509Certificate(one));
    const [certificate] = chain;
    if (certificate === undefined) return bad("there is no certificate at its address");
    if (!/^CN=sns[\w.-]*\.amazonaws\.com(\.cn)?$/m.test(certificate.subject))
      return bad("the certificate is not of Amazon SNS");
    const signedBy = [...chain.slice(1), ...(issuer === undefined ? [] : [issuer])];
    const links = issuer === undefined || chain.length > 1 ? chain : [certificate];
    const broken = links.some((one, index) => {
      const above = signedBy[index];
      return above !== undefined && !(one.checkIssued(above) && one.verify(above.publicKey));
    });
    return broken ? bad("the certificate's issuer did not sign it") : { ok: true, certificate };
  } catch {
    return bad("the certificate cannot be read");
  }
}

function inForce(result: CertificateResult, { now }: CertificateOptions): CertificateResult {
  if (!result.ok) return result;
  const { validFromDate, validToDate } = result.certificate;
  const at = now();
  return at >= validFromDate && at <= validToDate
    ? result
    : { ok: false, reason: "the certificate is not in force", retryable: false };
}
