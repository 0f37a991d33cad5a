/** Why a provider did not take a message; the catalogue explains each under `senders.failure.<kind>`. */
export type FailureKind =
  /** No connection. */
  | 'unreachable'
  /** No answer in time: the message may have been sent. */
  | 'no-answer'
  /** An answer that nobody understands: the message may have been sent. */
  | 'unintelligible'
  /** The provider has trouble of its own. */
  | 'provider-trouble'
  | 'credentials'
  | 'rate-limit'
  /** A trial account sends only to numbers that were verified before. */
  | 'unverified-number'
  | 'recipient'
  /** The recipient asked for no more messages. */
  | 'opted-out'
  /** The provider's own list of countries. */
  | 'country'
  /** The number or address that we send from. */
  | 'sender'
  /** The certificate cannot be trusted, or STARTTLS is not offered. */
  | 'insecure'
  | 'refused';

/** A failed delivery, for the administrator: what kind it was, and the provider's own words without anything secret. */
export class DeliveryFailure extends Error {
  readonly kind: FailureKind;
  /** The provider's own code. */
  readonly providerError: string | undefined;
  /** False when it is certain that nothing was sent, so that it need not count. */
  readonly maybeSent: boolean;

  constructor(
    kind: FailureKind,
    explanation: string,
    options: { providerError?: string | undefined; maybeSent?: boolean } = {},
  ) {
    super(explanation);
    this.name = 'DeliveryFailure';
    this.kind = kind;
    this.providerError = options.providerError;
    this.maybeSent = options.maybeSent ?? false;
  }
}

const longest = 300;
/** `550 5.7.1`: a status and an enhanced status (RFC 5321 section 4.2, RFC 3463), which say the most. */
const smtpStatus = /^(?:[245]\d\d[ -])?[245]\.\d{1,3}\.\d{1,3}$/;

/**
 * What a provider said, fit for the audit log: providers repeat numbers, addresses, texts and credentials in
 * their sentences. `secrets`: what must not be in it, as it was sent.
 */
export function discreetWords(said: string, secrets: readonly string[]): string {
  // Bounded before anything looks for patterns in it.
  let words = said.slice(0, 4 * longest);
  for (const secret of secrets.filter((each) => each.length > 2)) words = words.replaceAll(secret, '…');
  words = words
    .replaceAll(/[^\s<>"'@]{1,128}@[^\s<>"'@]{1,255}/g, '…')
    // Codes have four digits or more, numbers more, in groups or not; Twilio's and SMTP's codes stand elsewhere.
    .replaceAll(/\+?\d(?:[ ().-]?\d){3,}/g, (digits) => (smtpStatus.test(digits) ? digits : '…'))
    // Tokens, and credentials in base64.
    .replaceAll(/[A-Za-z0-9+=_-]{24,}/g, '…')
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return words.length > longest ? `${words.slice(0, longest)}…` : words;
}
