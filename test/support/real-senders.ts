import { subscription } from '../../src/server/index.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import type { Site } from './site.ts';
import { startTwilioServer, type TwilioServer } from './twilio-server.ts';

/** Providers of SMS and email for a whole site, on real sockets. */
export type RealSenders = {
  readonly twilio: TwilioServer;
  readonly mail: MailServer;
  /** What the site's configuration needs to reach them. */
  readonly config: { readonly delivery: { readonly twilioUrl: string; readonly timeout?: number } };
  /** Tells the site of them. */
  configure(site: Pick<Site, 'gateway'>, budgets?: { sms?: number; email?: number }): Promise<void>;
  /** The code in the latest message that was taken. */
  code(method: 'sms' | 'email'): string;
  close(): Promise<void>;
};

/** `timeout`: seconds that a provider gets for a message. */
export async function startRealSenders({ timeout }: { timeout?: number } = {}): Promise<RealSenders> {
  const twilio = await startTwilioServer();
  const mail = await startMailServer();
  return {
    twilio,
    mail,
    config: { delivery: { twilioUrl: twilio.url, ...(timeout === undefined ? {} : { timeout }) } },
    async configure({ gateway }, { sms, email } = {}) {
      const { delivery } = gateway.rooms;
      const { accountSid, authToken } = twilio;
      await delivery.change(
        subscription,
        'sms',
        {
          ...{ accountSid, secret: authToken, sender: '+15005550006' },
          ...(sms === undefined ? {} : { hourlyBudget: sms }),
        },
        'test',
      );
      await delivery.change(
        subscription,
        'email',
        {
          ...{ host: '127.0.0.1', port: mail.port, security: 'none', from: 'gateway@example.com' },
          ...(email === undefined ? {} : { hourlyBudget: email }),
        },
        'test',
      );
    },
    code(method) {
      // Other mail may have come in between: notices.
      const texts =
        method === 'sms' ? twilio.taken.map(({ Body }) => Body) : mail.taken.map(({ text }) => text);
      return (
        /is: (\d{4,12})\b/.exec(texts.findLast((text) => /is: \d/.test(text)) ?? '')?.[1] ??
        'no code was sent'
      );
    },
    async close() {
      await twilio.close();
      await mail.close();
    },
  };
}
