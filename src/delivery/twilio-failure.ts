import { DeliveryFailure, discreetWords, type FailureKind } from './delivery-failure.ts';

/** https://www.twilio.com/docs/api/errors */
const kindOfCode: ReadonlyMap<number, FailureKind> = new Map([
  [20003, 'credentials'],
  [20404, 'credentials'],
  [20005, 'credentials'],
  [20429, 'rate-limit'],
  [14107, 'rate-limit'],
  [30022, 'rate-limit'],
  [63038, 'rate-limit'],
  [21608, 'unverified-number'],
  [21211, 'recipient'],
  [21214, 'recipient'],
  [21217, 'recipient'],
  [21265, 'recipient'],
  [21612, 'recipient'],
  [21614, 'recipient'],
  [21408, 'country'],
  [21215, 'country'],
  [21610, 'opted-out'],
  [21212, 'sender'],
  [21603, 'sender'],
  [21606, 'sender'],
  [21659, 'sender'],
  [21660, 'sender'],
  [21661, 'sender'],
  [21703, 'sender'],
  [21704, 'sender'],
  [30032, 'sender'],
  [30034, 'sender'],
]);

/** Nothing of the request can have arrived (or the certificate was wrong, and nothing was said). */
const neverConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL)$/;
const untrusted = /^(?:CERT_|ERR_TLS|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_SSL|EPROTO)/;

/** What the client said when it had no usable answer to give, in our terms. `secrets` must not be repeated. */
export function twilioFailure(error: unknown, secrets: readonly string[]): DeliveryFailure {
  if (error instanceof DeliveryFailure) return error;
  const status = numberIn(error, 'status');
  // The client copies what it was answered into its error, whatever type that has.
  const words: unknown = error instanceof Error ? error.message : undefined;
  const said = discreetWords(typeof words === 'string' ? words : '', secrets);
  if (status !== undefined) return answered(status, numberIn(error, 'code'), said);
  const code = textIn(error, 'code');
  const providerError = code;
  if (code !== undefined && neverConnected.test(code)) {
    return new DeliveryFailure('unreachable', said, { providerError });
  }
  if (code !== undefined && untrusted.test(code))
    return new DeliveryFailure('insecure', said, { providerError });
  // The client fell over what it was answered.
  if (code === undefined || code.startsWith('ERR_BAD_')) {
    return new DeliveryFailure('unintelligible', said, { providerError, maybeSent: true });
  }
  const late = code === 'ECONNABORTED' || code === 'ETIMEDOUT' || code === 'ERR_CANCELED';
  const kind = late ? 'no-answer' : 'unreachable';
  return new DeliveryFailure(kind, said, { providerError, maybeSent: true });
}

function answered(status: number, code: number | undefined, said: string): DeliveryFailure {
  const providerError = String(code ?? status);
  const known = code === undefined ? undefined : kindOfCode.get(code);
  if (known !== undefined) return new DeliveryFailure(known, said, { providerError });
  if (status === 401 || status === 403) return new DeliveryFailure('credentials', said, { providerError });
  if (status === 429) return new DeliveryFailure('rate-limit', said, { providerError });
  if (status >= 500) {
    return new DeliveryFailure('provider-trouble', said, { providerError, maybeSent: true });
  }
  // An error of the API has a code; anything else is a proxy, a portal, or another server altogether.
  if (code === undefined || status < 400) {
    return new DeliveryFailure('unintelligible', said, { providerError, maybeSent: status < 400 });
  }
  return new DeliveryFailure('refused', said, { providerError });
}

function numberIn(error: unknown, name: string): number | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function textIn(error: unknown, name: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' && /^[A-Z_0-9]{1,64}$/.test(value) ? value : undefined;
}
