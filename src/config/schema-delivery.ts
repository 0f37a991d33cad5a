import { z } from 'zod';
import { setting } from './setting.ts';
import { isLoopback, origin, seconds } from './values.ts';

/** What of SMS and email the operator decides; accounts and servers are set at run time, by `sallyport sms|email`. */
export const delivery = setting(
  z
    .strictObject({
      twilioUrl: setting(
        origin
          .refine(
            (text) => text.startsWith('https:') || isLoopback(new URL(text).hostname),
            'This must begin with https://: the auth token goes there. Plain http:// is for this machine only.',
          )
          .default('https://api.twilio.com'),
        {
          description:
            "Where Twilio's API is asked: another region or edge, or a stand-in for tests. The account's auth token goes there.",
          allowed: 'https://host[:port], or http:// on this machine',
          remedy: 'Write it like https://api.sydney.au1.twilio.com, or leave it out.',
          example: 'https://api.sydney.au1.twilio.com',
        },
      ),
      timeout: setting(seconds(1, 60).default(10), {
        description:
          'Seconds that Twilio or the mail server gets to take a message. Nothing is ever sent a second time.',
      }),
    })
    .prefault({}),
  {
    description:
      'How SMS and email leave the gateway. Accounts, senders and budgets are set at run time: `sallyport sms set`, `sallyport email set`.',
  },
);
