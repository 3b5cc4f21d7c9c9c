/** The key of the audit trail in AWS KMS: ECC_NIST_P256, SIGN_VERIFY. The private part never leaves KMS. */
import type { AuditKey } from "../../audit/ports.ts";
import { OpsAgentError } from "../../domain/errors.ts";

const TIMEOUT_MS = 5_000;

export interface KmsSettings {
  readonly region: string;
  readonly endpoint?: string;
}

/** `id`: key id, ARN or alias. One call a signature; the public key is read once. */
export function createAuditKeyKms(id: string, settings: KmsSettings): AuditKey {
  let loaded: ReturnType<typeof load> | undefined;
  let known: string | undefined;

  const call = async <T>(work: (aws: Awaited<ReturnType<typeof load>>) => Promise<T>): Promise<T> => {
    try {
      loaded ??= load(settings).catch((error: unknown) => {
        loaded = undefined;
        throw error;
      });
      return await work(await loaded);
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      throw new OpsAgentError({
        code: "audit-key-failed",
        message: `The key of the audit trail (${id} in AWS KMS) cannot be used: ${name}.`,
        remedy: remedyFor(name),
        cause: error,
      });
    }
  };
  const options = () => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) });

  return {
    name: `${id} in AWS KMS`,
    make: async () => false,

    publicKey: async () => {
      known ??= await call(async ({ sdk, client }) => {
        const { PublicKey } = await client.send(new sdk.GetPublicKeyCommand({ KeyId: id }), options());
        const base64 = Buffer.from(PublicKey ?? []).toString("base64");
        return `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
      });
      return known;
    },

    sign: (text) =>
      call(async ({ sdk, client }) => {
        const command = new sdk.SignCommand({
          KeyId: id,
          Message: Buffer.from(text),
          MessageType: "RAW",
          SigningAlgorithm: "ECDSA_SHA_256",
        });
        const { Signature } = await client.send(command, options());
        return Buffer.from(Signature ?? []).toString("hex");
      }),
  };
}

async function load({ region, endpoint }: KmsSettings) {
  const sdk = await import("./sdk.ts");
  const client = new sdk.KMSClient({
    region,
    maxAttempts: 3,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return { sdk, client };
}

function remedyFor(name: string): string {
  if (name === "NotFoundException") return "Correct the key in OPSAGENT_AUDIT_KEY, or its region.";
  if (name.includes("AccessDenied")) return "Allow kms:Sign and kms:GetPublicKey on it.";
  if (name.includes("KeyUsage") || name.includes("Unsupported"))
    return "Name a key with the usage SIGN_VERIFY and the spec ECC_NIST_P256.";
  return "Check that the key is enabled and that KMS can be reached.";
}
