import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Notices } from '../../src/access/notices.ts';
import { UserLanguages } from '../../src/access/user-languages.ts';
import type { DirectoryUser } from '../../src/accounts/index.ts';
import type { AuditEvent } from '../../src/audit/index.ts';
import { createCatalogue } from '../../src/catalogue/index.ts';
import type { EmailMessage } from '../../src/delivery/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { readSettings } from '../../src/settings/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';

const subscription = 'default';
const reset = (name: string): AuditEvent => ({
  type: 'user.reset',
  user: `local:${name}`,
  name,
  actor: 'cli',
});
const origin = { address: '192.0.2.7' };

/** Notices to a mail server that takes what `take` resolves for. */
async function site(t: TestContext, take: (message: EmailMessage) => Promise<void> = async () => {}) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const sent: EmailMessage[] = [];
  const warnings: string[] = [];
  const state = { configured: true };
  const languages = new UserLanguages(store);
  const notices = new Notices({
    clock,
    senders: {
      configured: () => state.configured,
      sendSms: () => Promise.reject(new Error('nobody asked for an SMS')),
      async sendEmail(message) {
        await take(message);
        sent.push(message);
      },
    },
    catalogue: createCatalogue(),
    settings: { current: () => readSettings(undefined, 'Example').settings },
    languages,
    log: { warn: (_fields, message) => void warnings.push(message) },
    site: { name: 'Example', accountUrl: 'https://gateway.example.com/.sallyport/account' },
    async findUser(key): Promise<DirectoryUser | undefined> {
      const name = key.slice('local:'.length);
      const rest = {
        directory: 'local',
        displayName: name,
        groups: [],
        groupsComplete: true,
        disabled: false,
      };
      return name === 'gone' ? undefined : { key, name, email: `${name}@example.com`, ...rest };
    },
    addressOf: async ({ name, email }) => (name === 'silent' ? undefined : email),
    async *owners() {
      yield* ['local:gone', 'local:silent', 'local:unlucky', 'local:olivia'];
    },
  });
  return { clock, notices, languages, sent, warnings, state };
}

describe('the notices', () => {
  it('go out in their order, after whoever recorded them has gone on', async (t) => {
    const { notices, sent } = await site(t);
    for (const name of ['alice', 'gone', 'silent', 'bob']) notices.hear(reset(name));
    assert.deepEqual(sent, []);
    await notices.settled();
    assert.deepEqual(
      sent.map(({ to, purpose, user }) => [to, purpose, user]),
      [
        ['alice@example.com', 'notice', 'local:alice'],
        ['bob@example.com', 'notice', 'local:bob'],
      ],
    );
  });

  it('reach the next owner when one of them cannot be told', async (t) => {
    const { notices, sent, warnings } = await site(t, async ({ to }) => {
      if (to.startsWith('unlucky')) throw new GatewayError('invalid-address');
    });
    notices.hear({ type: 'compromised-password', user: 'local:alice', name: 'alice', origin });
    await notices.settled();
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['alice@example.com', 'olivia@example.com'],
    );
    assert.deepEqual(warnings, []);
  });

  it('wait in bounded numbers while the mail server takes none, and go on afterwards', async (t) => {
    const parked: (() => void)[] = [];
    let open = false;
    const { notices, sent, warnings } = await site(t, () =>
      open ? Promise.resolve() : new Promise((resolve) => parked.push(resolve)),
    );
    for (let each = 0; each < 700; each += 1) notices.hear(reset(`user${each}`));
    assert.deepEqual(warnings, ['notices to users are dropped']);
    while (parked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    open = true;
    parked[0]?.();
    await notices.settled();
    assert.equal(sent.length, 500);
    notices.hear(reset('alice'));
    await notices.settled();
    assert.equal(sent.length, 501);
  });

  it('survive what nobody expects', async (t) => {
    const { notices, sent, warnings } = await site(t, async ({ to }) => {
      if (to.startsWith('alice')) throw new TypeError('broken');
    });
    notices.hear(reset('alice'));
    notices.hear(reset('bob'));
    await notices.settled();
    assert.equal(sent.length, 1);
    assert.deepEqual(warnings, ['a notice could not be sent']);
  });

  it('get five seconds when the gateway stops, and hear nothing more', async (t) => {
    let asked: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { clock, notices, sent } = await site(t, () => {
      asked();
      return new Promise(() => {});
    });
    notices.hear(reset('alice'));
    await waiting;
    const closing = notices.close();
    clock.advance(5_000);
    await closing;
    notices.hear(reset('bob'));
    assert.deepEqual(sent, []);
  });

  it('remember the language of each sign-in, with or without a mail server, and forget it with the user', async (t) => {
    const { notices, languages, state, sent } = await site(t);
    state.configured = false;
    const done = {
      type: 'sign-in.done',
      user: 'local:alice',
      name: 'alice',
      session: 's',
      amr: [],
      origin,
    } as const;
    notices.hear({ ...done, language: 'fr' });
    await notices.settled();
    assert.equal(await languages.of(subscription, 'local:alice'), 'fr');
    assert.equal(await languages.of(subscription, 'local:bob'), 'en');
    notices.hear({ ...done, language: 'klingon' });
    await notices.settled();
    assert.equal(await languages.of(subscription, 'local:alice'), 'fr');
    state.configured = true;
    notices.hear(reset('alice'));
    await notices.settled();
    assert.match(sent[0]?.subject ?? '', /réinitialisés/);
    await languages.forget(subscription, 'local:alice');
    assert.equal(await languages.of(subscription, 'local:alice'), 'en');
  });
});
