/** The record that a sealed string belongs to: moved anywhere else it does not open. */
export type SealedRecord = { readonly collection: string; readonly key: string };

/** Encrypts secrets at rest, each bound to its record and to what it is there (AES-256-GCM). */
export interface Sealer {
  /**
   * `sealed:1:<key id>:<label>:<iv>:<ciphertext and tag>`, under the newest master key. `label` says what the
   * secret is (`[a-z0-9-]`, like `totp-secret`). Each call gives another string.
   */
  seal(record: SealedRecord, label: string, plaintext: string): string;
  /**
   * The plaintext. Throws GatewayError `store-unavailable` when its master key is not at hand, and `internal` when
   * the string was changed, or belongs to another record.
   */
  open(record: SealedRecord, sealed: string): string;
}
