/** Makes X.509 certificates (ECDSA P-256) for the TLS of the demo: Node has no function for it. See RFC 5280, 4.1. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its private key, both PEM. */
export interface Credential {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of its own. */
export interface Authority {
  /** What a client has to trust, PEM. */
  readonly certificate: string;
  /** A certificate for a host name, valid from an hour ago until `notAfter`. */
  issue(host: string, notAfter: Date): Credential;
}

/** A new authority, valid for a day. */
export function createAuthority(name: string, now = Date.now()): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const hourAgo = () => new Date(Date.now() - 3_600_000);
  const certificate = build({
    subject: name,
    issuer: name,
    from: new Date(now - 3_600_000),
    to: new Date(now + 86_400_000),
    publicKey: own.publicKey,
    signer: own.privateKey,
    extension: basicConstraints,
  });
  return {
    certificate,
    issue(host, notAfter) {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return {
        key: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        certificate: build({
          subject: host,
          issuer: name,
          from: hourAgo(),
          to: notAfter,
          publicKey: pair.publicKey,
          signer: own.privateKey,
          extension: subjectAltName(host),
        }),
      };
    },
  };
}

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly from: Date;
  readonly to: Date;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extension: Buffer;
}

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
};
const sequence = (...parts: Buffer[]) => der(tag.sequence, ...parts);
const oid = (hex: string) => der(tag.oid, Buffer.from(hex, "hex"));
const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
const commonName = "550403";

function build(content: Content): string {
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
  const body = sequence(
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, serial),
    ecdsaWithSha256,
    nameOf(content.issuer),
    sequence(time(content.from), time(content.to)),
    nameOf(content.subject),
    content.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(content.extension)),
  );
  const signature = der(tag.bits, Buffer.from([0]), sign("sha256", body, content.signer));
  const base64 = sequence(body, ecdsaWithSha256, signature).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, "$1\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
}

/** CA: true, critical. */
const basicConstraints = sequence(
  oid("551d13"),
  der(tag.boolean, Buffer.from([0xff])),
  der(tag.octets, sequence(der(tag.boolean, Buffer.from([0xff])))),
);

function subjectAltName(host: string): Buffer {
  const dnsName = der(0x82, Buffer.from(host, "ascii"));
  return sequence(oid("551d11"), der(tag.octets, sequence(dnsName)));
}

function nameOf(text: string): Buffer {
  return sequence(der(tag.set, sequence(oid(commonName), der(tag.utf8, Buffer.from(text, "utf8")))));
}

/** UTCTime, `YYMMDDHHMMSSZ`. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return der(tag.utcTime, Buffer.from(`${digits}Z`, "ascii"));
}

function der(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([type, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([type, 0x80 | length.length]), length, body]);
}
