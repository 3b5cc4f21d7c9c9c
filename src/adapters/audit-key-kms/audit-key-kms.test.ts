import { generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";
import { awsError, json } from "../../../test/support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../../../test/support/use-aws-stub.ts";
import { checkSeal, keyIdOf, sealedText } from "../../domain/incident/audit-seal.ts";
import { createAuditKeyKms } from "./audit-key-kms.ts";

const bed = useAwsStub();
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

it("signs in KMS, and its seals are checked with the public key alone", async () => {
  bed.stub.on("GetPublicKey", () =>
    json({ PublicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64") }),
  );
  bed.stub.on("Sign", ({ Message }) =>
    json({
      Signature: sign("sha256", Buffer.from(String(Message), "base64"), privateKey).toString("base64"),
    }),
  );
  const key = createAuditKeyKms("alias/opsagent", { region: "us-east-1" });

  const pem = await key.publicKey();
  const open = { seq: 3, head: "ab".repeat(32), at: "2026-11-23T07:00:00.000Z", keyId: keyIdOf(pem) };
  const seal = { ...open, signature: await key.sign(sealedText(open)) };
  await key.publicKey();

  expect(checkSeal(seal, [pem])).toBe("good");
  expect(checkSeal({ ...seal, head: "cd".repeat(32) }, [pem])).toBe("forged");
  expect(bed.stub.calls("Sign")).toMatchObject([
    { KeyId: "alias/opsagent", MessageType: "RAW", SigningAlgorithm: "ECDSA_SHA_256" },
  ]);
  expect(bed.stub.calls("GetPublicKey")).toHaveLength(1);
  expect(await key.make()).toBe(false);
});

it.each([
  ["NotFoundException", "Correct the key"],
  ["AccessDeniedException", "kms:Sign"],
  ["InvalidKeyUsageException", "SIGN_VERIFY"],
])("names the remedy for %s", async (code, remedy) => {
  bed.stub.on("Sign", () => awsError(code));

  expect(await rejection(createAuditKeyKms("k", { region: "us-east-1" }).sign("text"))).toMatchObject({
    code: "audit-key-failed",
    message: expect.stringContaining(code),
    remedy: expect.stringContaining(remedy),
  });
});
