import { DeliveryFailure, discreetWords, type FailureKind } from './delivery-failure.ts';

/** What the client tells of a failure besides its sentence. */
type SmtpError = {
  /** Of the client: `EAUTH`, `ETLS`, … or of the system: `ECONNREFUSED`, … */
  readonly code: string | undefined;
  /** What was being said: `CONN`, `EHLO`, `STARTTLS`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`. */
  readonly command: string | undefined;
  /** The server's answer (RFC 5321 section 4.2), 3 digits. */
  readonly status: number | undefined;
};

const untrusted = /^(?:ETLS|EREQUIRETLS|CERT_|ERR_TLS|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_SSL|EPROTO$)/;
const certificateWords = /certificate|STARTTLS|TLS|altnames/i;

/** Any failure of the client in our terms. `secrets` must not be repeated. */
export function smtpFailure(error: unknown, secrets: readonly string[]): DeliveryFailure {
  if (error instanceof DeliveryFailure) return error;
  const smtp = read(error);
  // Whoever may name a mail server must not read what other servers of the network say of themselves.
  const isForeign = smtp.code === 'EPROTOCOL' && smtp.status === undefined;
  const said = isForeign ? '' : discreetWords(error instanceof Error ? error.message : '', secrets);
  const providerError = smtp.status === undefined ? smtp.code : String(smtp.status);
  const maybeSent = smtp.status === undefined && mayHaveArrived(smtp);
  return new DeliveryFailure(kindOf(smtp, said), said, { providerError, maybeSent });
}

/** Only what was said after DATA can have been taken; an abort does not tell where it struck. */
const mayHaveArrived = ({ code, command }: SmtpError): boolean => code === 'EABORT' || command === 'DATA';

function kindOf({ code, command, status }: SmtpError, said: string): FailureKind {
  if (code === 'EABORT' || code === 'ETIMEDOUT') return 'no-answer';
  if (code !== undefined && untrusted.test(code)) return 'insecure';
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'credentials';
  if (status === undefined) {
    if (code === 'ESOCKET' && certificateWords.test(said)) return 'insecure';
    return code === 'EPROTOCOL' ? 'unintelligible' : 'unreachable';
  }
  // RFC 4954 section 6: authentication is needed, too weak, or refused.
  if (status === 530 || status === 534 || status === 535 || status === 538) return 'credentials';
  if (status === 421 || status === 450 || status === 451 || status === 452) {
    return command === 'RCPT TO' && status === 450 ? 'recipient' : 'provider-trouble';
  }
  if (command === 'RCPT TO') return 'recipient';
  if (command === 'MAIL FROM') return 'sender';
  return status < 500 ? 'provider-trouble' : 'refused';
}

function read(error: unknown): SmtpError {
  const value = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const [code, command, status] = [value('code'), value('command'), value('responseCode')];
  return {
    code: typeof code === 'string' && /^[A-Z_0-9]{1,64}$/.test(code) ? code : undefined,
    command: typeof command === 'string' ? command : undefined,
    status: typeof status === 'number' && status >= 200 && status < 600 ? status : undefined,
  };
}
