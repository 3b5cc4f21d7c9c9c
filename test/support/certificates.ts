/** X.509 certificates made on the spot: a root and what it signs, in force whenever a test wants. */
import { createSign, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";

export interface Identity {
  readonly name: string;
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

interface Wanted {
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
  /** Who signs it; without one it signs itself. */
  readonly by?: Identity;
}

export function issueCertificate({ name, from, to, by }: Wanted): Identity {
  const { privateKey: key, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const signature = sequence(OID.sha256WithRsa, NOTHING);
  const body = sequence(
    der(0xa0, integer(2)),
    integer(Math.floor(Math.random() * 2 ** 30) + 1),
    signature,
    nameOf(by?.name ?? name),
    sequence(time(from), time(to)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signed = createSign("RSA-SHA256")
    .update(body)
    .sign(by?.key ?? key);
  const whole = sequence(body, signature, der(0x03, Buffer.concat([Buffer.from([0]), signed])));
  return { name, key, certificate: new X509Certificate(whole) };
}

const OID = {
  commonName: Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03]),
  sha256WithRsa: Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]),
};
const NOTHING = Buffer.from([0x05, 0x00]);

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : [0x82, Math.floor(length / 256), length % 256];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function nameOf(name: string): Buffer {
  const attribute = sequence(OID.commonName, der(0x0c, Buffer.from(name, "utf8")));
  return sequence(der(0x31, attribute));
}

/** UTCTime, which holds until 2049. */
function time(at: Date): Buffer {
  return der(0x17, Buffer.from(`${at.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`, "latin1"));
}
