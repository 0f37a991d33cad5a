import { Agent } from 'node:http';
import { DeliveryFailure } from './delivery-failure.ts';
import type { SmsSender } from './sender-settings.ts';
import { twilioFailure } from './twilio-failure.ts';

export type TwilioOptions = {
  /** Scheme, host and port that stand in for `https://api.twilio.com`. */
  readonly twilioUrl: string;
  /** Milliseconds. */
  readonly timeout: number;
};

/** Of an answer; Twilio's have about one. */
const mostBytes = 65_536;

/** A sent message, as far as we look at the answer. */
const messageSid = /^(?:SM|MM)[0-9a-f]{32}$/i;

/**
 * Hands one SMS to Twilio, once: nothing is repeated, for a message may have been sent although no answer came.
 * Resolves once Twilio has taken it. Rejects with `DeliveryFailure`, whose words hold neither the text, the number,
 * nor the token.
 */
export async function sendByTwilio(
  settings: SmsSender,
  authToken: string,
  message: { readonly to: string; readonly text: string },
  { twilioUrl, timeout, signal }: TwilioOptions & { readonly signal: AbortSignal },
): Promise<void> {
  // 20 MB of client: loaded with the first message.
  const { default: twilio } = await import('twilio');
  const target = new URL(twilioUrl);

  // A connection for each: one that was kept may be closed by now, and whether a message went with it nobody knows.
  const http = new twilio.RequestClient({ timeout, keepAlive: false, autoRetry: false });
  const agent = new Agent({ keepAlive: false });
  http.axios.interceptors.request.use((request) => {
    const url = new URL(request.url ?? '');
    // Only where it goes; what is asked there stays as the client wrote it.
    request.url = `${target.origin}${url.pathname}${url.search}`;
    return Object.assign(request, { httpAgent: agent, signal, maxContentLength: mostBytes, maxRedirects: 0 });
  });
  try {
    const client = new twilio.Twilio(settings.accountSid, authToken, { httpClient: http });
    const from = /^MG/i.test(settings.sender)
      ? { messagingServiceSid: settings.sender }
      : { from: settings.sender };
    const sent = await client.messages.create({ to: message.to, body: message.text, ...from });
    if (!messageSid.test(String(sent.sid))) {
      throw new DeliveryFailure('unintelligible', 'the answer names no message', { maybeSent: true });
    }
    if (sent.status === 'failed' || sent.status === 'undelivered') {
      throw new DeliveryFailure('refused', `status ${sent.status}`, {
        providerError: errorOf(sent.errorCode),
      });
    }
  } catch (error) {
    throw twilioFailure(error, [authToken, message.text, message.to, settings.accountSid]);
  } finally {
    agent.destroy();
    http.axios.defaults.httpsAgent?.destroy();
  }
}

const errorOf = (code: unknown): string | undefined => (typeof code === 'number' ? String(code) : undefined);
