/** The key that seals the audit trail, outside the store. Implemented in src/adapters/audit-key-*. */

/** Every method throws `OpsAgentError` `audit-key-failed` where the key is missing, unreadable or refused. */
export interface AuditKey {
  /** Where it is, for messages. Never the key. */
  readonly name: string;
  /** The public key as PEM (SPKI). Makes no key. */
  publicKey(): Promise<string>;
  /** Makes a key where there is none. Returns whether it did; a key that AWS keeps is never made. */
  make(): Promise<boolean>;
  /** Returns the signature over the text, hex. */
  sign(text: string): Promise<string>;
  /** Notes the newest seal beside the key, where there is such a place. */
  note?(seal: string): Promise<void>;
  /** What was noted last; undefined where nothing was. */
  noted?(): Promise<string | undefined>;
}
