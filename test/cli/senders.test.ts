import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { startMailServer } from '../support/mail-server.ts';
import { startTwilioServer } from '../support/twilio-server.ts';
import { commandSite } from './command-site.ts';

async function smsSite(t: TestContext) {
  const site = await commandSite(t);
  const twilio = await startTwilioServer();
  t.after(() => twilio.close());
  site.configure({ delivery: { twilioUrl: twilio.url }, serverName: 'Example' });
  await site.runHere(['init']);
  const account = ['--account', twilio.accountSid, '--sender', '+1 (500) 555-0006'];
  return { ...site, twilio, account };
}

describe('the commands for SMS', () => {
  it('set it up, show it without the token, send a test, and take it away', async (t) => {
    const { run, runHere, twilio, account, dataDir } = await smsSite(t);
    assert.equal((await runHere(['sms', 'show'])).out, 'Nothing is set up.\n');
    const half = await runHere(['sms', 'set', '--sender', '+15005550006', '--token-stdin'], 'x');
    assert.deepEqual([half.code, half.err], [64, 'The option --account is missing.\n']);
    const set = await runHere(['sms', 'set', ...account, '--token-stdin'], `${twilio.authToken}\n`);
    assert.equal(set.out, 'SMS are sent from +15005550006. Try it: sallyport sms test NUMBER\n', set.err);
    assert.match(set.err, /go to every country\. .*--countries/);
    const narrowed = await runHere(['sms', 'set', '--countries', 'us, +33', '--hourly-budget', '5']);
    assert.deepEqual([narrowed.code, narrowed.err], [0, '']);
    const tested = await run(['sms', 'test', '+14155552671']);
    assert.equal(tested.out, 'Twilio took the message to ••• 71.\n', tested.err);
    assert.equal(twilio.taken[0]?.Body, 'This is a test message from Example.');
    const shown = await runHere(['sms', 'show']);
    assert.match(shown.out, /^countries +US, \+33$/m);
    assert.match(shown.out, /^hourlyBudget +1 of 5 in the last hour$/m);
    assert.match(shown.out, /^authToken +\(kept sealed\)$/m);
    const json: unknown = JSON.parse((await runHere(['sms', 'show', '--json'])).out);
    assert.deepEqual(json, {
      accountSid: twilio.accountSid,
      sender: '+15005550006',
      countries: ['US', '+33'],
      hourlyBudget: 5,
      used: 1,
    });
    const files = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), 'latin1'));
    assert.ok(files.every((bytes) => !bytes.includes(twilio.authToken)));
    assert.match((await runHere(['sms', 'remove'])).out, /^Removed/);
    assert.equal((await runHere(['sms', 'remove'])).out, 'Nothing is set up.\n');
    assert.equal((await runHere(['sms', 'test', '+14155552671'])).code, 1);
  });

  it('explain in plain words what Twilio has against a message', async (t) => {
    const { runHere, twilio, account } = await smsSite(t);
    await runHere(['sms', 'set', ...account, '--token-stdin'], twilio.authToken);
    for (const [status, code, plain] of [
      [400, 21608, /trial account: it sends only to numbers that were verified in the Twilio console/],
      [400, 21211, /no message can be delivered there/],
      [401, 20003, /check the account SID and auth token/],
      [429, 20429, /takes no more for now/],
      [400, 21408, /Geo permissions/],
      [400, 21610, /replied STOP/],
    ] as const) {
      twilio.fail(status, code, 'As Twilio puts it');
      const { code: exit, err } = await runHere(['sms', 'test', '+14155552671']);
      assert.equal(exit, 1);
      assert.match(err, plain);
      assert.match(err, new RegExp(`The provider said \\(${code}\\): As Twilio puts it`));
    }
    assert.match((await runHere(['sms', 'test', '0612'])).err, /isn't a phone number/);
    await runHere(['sms', 'set', '--countries', 'FR']);
    assert.match(
      (await runHere(['sms', 'test', '+14155552671'])).err,
      /not among those that SMS are sent to.*--countries LIST/,
    );
    await runHere(['sms', 'set', '--countries', 'all', '--hourly-budget', '0']);
    assert.match((await runHere(['sms', 'test', '+14155552671'])).err, /budget is used up/);
  });

  it('refuse what is wrong, and take no secret as an argument', async (t) => {
    const { runHere, account } = await smsSite(t);
    assert.equal((await runHere(['sms', 'set'])).code, 64);
    assert.equal((await runHere(['sms', 'set', ...account])).code, 64);
    assert.equal((await runHere(['sms', 'set', ...account, '--token', 'x'])).code, 64);
    const wrong = await runHere(
      ['sms', 'set', '--account', 'AC1', '--sender', '+15005550006', '--token-stdin'],
      'x',
    );
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /accountSid can't have that value/);
    assert.equal((await runHere(['sms', 'show', '--json'])).out, 'null\n');
  });
});

describe('the commands for email', () => {
  it('set it up with a certificate of its own, send a test over STARTTLS, and take it away', async (t) => {
    const { configure, runHere, folder, dataDir } = await commandSite(t);
    configure({ serverName: 'Example' });
    await runHere(['init']);
    const files = makeCertificate(folder);
    const secret = 'hunter2 but longer';
    const server = await startMailServer({
      key: readFileSync(files.key),
      cert: readFileSync(files.cert),
      authOptional: false,
      onAuth: ({ username = '', password }, _session, done) =>
        done(password === secret ? null : new Error('Invalid login'), { user: username }),
    });
    t.after(() => server.close());
    const options = ['--host', 'localhost', '--port', String(server.port), '--user', 'sallyport'];
    options.push('--from', 'codes@example.com', '--from-name', 'Example', '--ca', files.cert);
    const set = await runHere(['email', 'set', ...options, '--password-stdin'], 'not the password');
    assert.match(set.out, /^Mail is sent from codes@example\.com through localhost:\d+\./, set.err);
    const refused = await runHere(['email', 'test', 'alice@example.com']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /check the account SID and auth token, or the user and password/);
    assert.match(refused.err, /The provider said \(535\)/);
    assert.equal((await runHere(['email', 'set', '--password-stdin'], `${secret}\r\n`)).code, 0);
    const tested = await runHere(['email', 'test', 'alice@example.com']);
    assert.equal(tested.out, 'The mail server took the message to a•••@example.com.\n', tested.err);
    assert.equal(server.taken[0]?.subject, 'Test message from Example');
    assert.equal(server.taken[0]?.secure, true);

    const distrusted = await runHere(['email', 'set', '--no-ca', '--password-stdin'], secret);
    assert.equal(distrusted.code, 0, distrusted.err);
    const insecure = await runHere(['email', 'test', 'alice@example.com']);
    assert.match(insecure.err, /the certificate isn't trusted/);
    const shown = await runHere(['email', 'show']);
    assert.match(shown.out, /^security +starttls$/m);
    assert.match(shown.out, /^password +\(kept sealed\)$/m);
    assert.ok(!shown.out.includes(secret));
    const kept = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), 'latin1'));
    assert.ok(kept.every((bytes) => !bytes.includes(secret)));
    assert.match((await runHere(['email', 'remove'])).out, /^Removed/);
  });

  it('tell a user by mail what a command did to their account, before the command ends', async (t) => {
    const { run, runHere } = await commandSite(t);
    await runHere(['init']);
    const server = await startMailServer();
    t.after(() => server.close());
    const basics = ['--host', '127.0.0.1', '--port', String(server.port), '--security', 'none'];
    await runHere(['email', 'set', ...basics, '--from', 'codes@example.com']);
    const password = 'correct horse battery staple';
    const add = ['user', 'add', 'alice', '--email', 'alice@example.com', '--password-stdin'];
    assert.equal((await runHere(add, password)).code, 0);
    assert.deepEqual(server.taken, []);
    const reset = await run(['user', 'reset', 'alice']);
    assert.equal(reset.code, 0, reset.err);
    assert.deepEqual(
      server.taken.map(({ to, subject }) => [to[0], subject]),
      [['alice@example.com', 'localhost: Your ways to verify were reset']],
    );
    await server.close();
    const down = await run(['user', 'reset', 'alice']);
    assert.equal(down.code, 0, down.err);
  });

  it('encrypt unless told otherwise, with the usual port, and send no password in clear', async (t) => {
    const { runHere, folder } = await commandSite(t);
    await runHere(['init']);
    const basics = ['--host', 'smtp.example.com', '--from', 'codes@example.com'];
    const shown = async () => JSON.parse((await runHere(['email', 'show', '--json'])).out);
    await runHere(['email', 'set', ...basics]);
    assert.deepEqual([(await shown()).security, (await shown()).port], ['starttls', 587]);
    await runHere(['email', 'set', '--security', 'tls']);
    assert.equal((await shown()).port, 465);
    await runHere(['email', 'set', '--security', 'none', '--port', '2525']);
    assert.deepEqual([(await shown()).security, (await shown()).port], ['none', 2525]);
    const clear = await runHere(['email', 'set', '--user', 'sallyport', '--password-stdin'], 'x');
    assert.match(clear.err, /security can't have that value\. Allowed: starttls, tls, none \(without user\)/);
    assert.equal((await runHere(['email', 'set', '--security', 'ssl'])).code, 1);
    const absent = join(folder, 'absent.pem');
    assert.equal(existsSync(absent), false);
    assert.match((await runHere(['email', 'set', '--ca', absent])).err, /absent\.pem can't be read/);
    writeFileSync(absent, 'no certificate');
    assert.match((await runHere(['email', 'set', '--ca', absent])).err, /ca can't have that value/);
  });
});
