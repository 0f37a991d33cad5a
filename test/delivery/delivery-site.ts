import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { Delivery, type DeliveryEvent } from '../../src/delivery/index.ts';
import type { Sealer, Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { openStore } from '../support/open-store.ts';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.ts';

export const subscription = 'default';
export const number = '+14155552671';

/** Senders on a store in memory, what they recorded and logged, and a server that answers as Twilio does. */
export type DeliverySite = {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly sealer: Sealer;
  readonly twilio: TwilioServer;
  readonly delivery: Delivery;
  readonly events: DeliveryEvent[];
  /** Another process on the same store, or on another connection to it; what it records goes to the same list. */
  replica(connection?: Store): Promise<Delivery>;
  configureSms(more?: {
    countries?: readonly string[];
    hourlyBudget?: number;
    sender?: string;
  }): Promise<void>;
  /** Everything that was recorded or logged, as text. */
  told(): string;
};

export async function deliverySite(
  t: TestContext,
  { store: given, twilioUrl }: { store?: Store; twilioUrl?: string } = {},
): Promise<DeliverySite> {
  const clock = new ManualClock();
  const store = given ?? (await openStore(clock));
  const sealer = openSealer(clock);
  const twilio = await startTwilioServer();
  const events: DeliveryEvent[] = [];
  const logged: unknown[] = [];
  const opened: Delivery[] = [];
  const open = async (connection: Store = store): Promise<Delivery> => {
    const delivery = await Delivery.open({
      store: connection,
      clock,
      sealer,
      report: { record: (event) => void events.push(event) },
      log: { error: (fields, message) => void logged.push(message, fields) },
      twilioUrl: twilioUrl ?? twilio.url,
      timeout: 10_000,
    });
    opened.push(delivery);
    return delivery;
  };
  const delivery = await open();
  t.after(async () => {
    for (const each of opened) await each.close();
    await twilio.close();
    if (given === undefined) await store.close();
  });
  return {
    clock,
    store,
    sealer,
    twilio,
    delivery,
    events,
    replica: open,
    configureSms: (more = {}) =>
      delivery.change(
        subscription,
        'sms',
        { accountSid: twilio.accountSid, sender: '+15005550006', secret: twilio.authToken, ...more },
        'cli',
      ),
    told: () => inspect([events, logged], { depth: 10, maxStringLength: null, breakLength: Infinity }),
  };
}
