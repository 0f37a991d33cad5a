import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../src/errors.ts';
import { pendingOf, refusal, SignInSite, step, visitor } from './sign-in-site.ts';

const collections = [
  'factors',
  'claims',
  'counters',
  'known-devices',
  'pending',
  'sessions',
  'owner-tickets',
  'roles',
  'signing-keys',
];

describe('what signing in leaves behind', () => {
  it('has no password, code, secret, ticket or token in clear, neither in the audit log nor in the store', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone, recoveryCodes } = await site.enrolled('alice');
    const wrong = site.wrong(phone);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    await refusal(site.signIn.verify(pending, { method: 'app', code: wrong }, visitor), 'wrong-code');
    const far = phone.code(100);
    await site.signIn.verify(pending, { method: 'app', code: far }, visitor);
    const right = phone.code();
    const done = await site.signIn.verify(pending, { method: 'app', code: right }, visitor);
    assert.ok(done.status === 'done' && done.device);
    site.pass(4 * step);
    const proof = phone.code();
    const setup = await site.changes.beginApp(done.session, { method: 'app', code: proof }, visitor);
    site.directory.add('bob');
    const enrolling = pendingOf(await site.begin('bob'), 'enrol');
    const draft = await site.signIn.beginApp(enrolling, visitor);
    const { ticket } = await site.owners.issueOwnerTicket('cli', 'bob');
    const secrets = [
      "alice's password",
      "bob's password",
      wrong,
      far,
      right,
      proof,
      phone.secret,
      setup.secret,
      draft.secret,
      ticket,
      pending,
      enrolling,
      done.issued.token,
      done.device.token,
      ...recoveryCodes,
      ...recoveryCodes.map((code) => code.replaceAll('-', '')),
    ];
    const kept: unknown[] = [site.audit.events];
    for (const collection of collections) {
      const page = await site.store.list(collection, { prefix: '', limit: 1000 });
      assert.ok(page.items.length > 0, `${collection} is empty`);
      kept.push(page.items);
    }
    // Six digits can stand in any long number, so they are looked for as a text of their own.
    const said = JSON.stringify(kept);
    const found = secrets.filter((secret) =>
      /^\d{6}$/.test(secret) ? said.includes(`"${secret}"`) : said.includes(secret),
    );
    assert.deepEqual(found, []);
    assert.ok(said.includes(user.key), 'it was looked at');
  });
});

describe('whatever is sent', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      '',
      '\u0000',
      '../..',
      'local:alice-id',
      'default/',
      '__proto__',
      '%00',
      '\ud800',
      '９'.repeat(6),
    ),
    fc.stringMatching(/^[0-9 ]{1,20}$/),
  );

  it('is refused with a code of its own and never with a fault', async (t) => {
    const site = await SignInSite.open(t, { trustedNetworks: ['192.0.2.0/24'] });
    const { phone } = await site.enrolled('alice');
    site.directory.add('bob');
    const verifying = pendingOf(await site.begin('alice'), 'verify');
    const enrolling = pendingOf(await site.begin('bob'), 'enrol');
    await site.signIn.beginApp(enrolling, visitor);
    const right = new Set([phone.code(-1), phone.code(), phone.code(1)]);
    await fc.assert(
      fc.asyncProperty(text, text, text, async (one, other, device) => {
        fc.pre(!right.has(one.replaceAll(/\s/g, '')));
        const from = { ...visitor, device };
        const calls = [
          () => site.signIn.begin({ username: one, password: other }, from),
          () => site.signIn.verify(one, { method: 'app', code: other }, from),
          () => site.signIn.verify(verifying, { method: 'app', code: one }, from),
          () => site.signIn.verify(verifying, { method: 'recovery', code: one }, from),
          () => site.signIn.beginApp(one, from, other),
          () => site.signIn.confirmApp(enrolling, { code: one, label: other }, from),
          () => site.signIn.changePassword(one, other, from),
          () => site.owners.create({ ticket: one, username: other, password: device }, from),
        ];
        for (const call of calls) {
          const error = await call().then(
            (answer) => assert.fail(JSON.stringify(answer)),
            (reason: unknown) => reason,
          );
          assert.ok(error instanceof GatewayError, String(error));
          assert.ok(error.status < 500, error.code);
        }
      }),
      { numRuns: 150 },
    );
  });
});
