import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AuditEvent, createAudit, createLog, createMetrics } from '../../src/audit/index.ts';
import { GatewayError } from '../../src/errors.ts';
import type { Json } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';

type Appended = {
  entry: { at?: number; repeated?: number; version?: string };
  tags: readonly string[];
  expiresAt?: number;
};

/** A stream that fails while `down`, to see what happens between the audit and a store that is gone. */
function site({ retention, ...rest }: { capacity?: number; retention?: number } = {}) {
  const appended: Appended[] = [];
  const lines: string[] = [];
  const clock = new ManualClock();
  const state = { down: false, tries: 0 };
  const store = {
    async append(stream: string, entry: Json, { tags, expiresAt }: Omit<Appended, 'entry'>) {
      state.tries += 1;
      await Promise.resolve();
      if (state.down) throw new GatewayError('store-unavailable');
      assert.equal(stream, 'audit');
      appended.push({
        entry: entry as Appended['entry'],
        tags,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
      return String(appended.length);
    },
  };
  const metrics = createMetrics({ process: false });
  const log = createLog({ destination: { write: (line) => lines.push(line) } });
  const audit = createAudit({
    store,
    clock,
    log,
    metrics,
    ...rest,
    ...(retention === undefined ? {} : { retention: { duration: retention * 86_400_000 } }),
  });
  const started = (version: string): AuditEvent => ({ type: 'gateway.started', version });
  const versions = () => appended.map(({ entry }) => entry.version);
  return { audit, appended, lines, clock, state, metrics, started, versions };
}

const refused: AuditEvent = {
  type: 'request.refused',
  code: 'sign-in-required',
  upgrade: false,
  origin: { address: '192.0.2.7' },
};

describe('the audit log', () => {
  it('tells listeners of everything that is recorded, until they stop', () => {
    const { audit, started } = site();
    const heard: string[] = [];
    const stop = audit.listen((event) => heard.push(event.type));
    for (let time = 0; time < 30; time += 1) audit.record(refused);
    audit.record(started('1'));
    stop();
    audit.record(started('2'));
    assert.equal(heard.length, 31);
    assert.equal(heard.at(-1), 'gateway.started');
  });

  it('counts messages to users by what became of them', async () => {
    const { audit, metrics } = site();
    const message = { subscription: 'default', channel: 'sms', purpose: 'code', to: '••• 71' } as const;
    audit.record({ type: 'message.sent', ...message });
    audit.record({ type: 'message.failed', reason: 'no-answer', ...message });
    audit.record({ type: 'message.refused', reason: 'budget', ...message, purpose: 'notice' });
    const text = await metrics.text();
    for (const labels of [
      'channel="sms",purpose="code",result="sent"',
      'channel="sms",purpose="code",result="failed"',
      'channel="sms",purpose="notice",result="refused"',
    ]) {
      assert.ok(text.includes(`sallyport_messages_total{${labels}} 1\n`), labels);
    }
  });

  it('writes a log line at once and the entry in the background, with its time and tags', async () => {
    const { audit, appended, lines, clock } = site({ retention: 30 });
    audit.record({
      type: 'sign-in.factor',
      result: 'wrong',
      user: 'local:a',
      name: 'alice',
      method: 'app',
      session: 's1',
      origin: { address: '192.0.2.7', browser: 'Firefox' },
    });
    assert.equal(lines.length, 1);
    assert.equal(JSON.parse(lines[0] ?? '').event.result, 'wrong');
    await audit.flush();
    assert.equal(appended.length, 1);
    assert.equal(appended[0]?.entry.at, clock.now());
    assert.equal(appended[0]?.expiresAt, clock.now() + 30 * 86_400_000);
    assert.deepEqual(appended[0]?.tags, [
      'type:sign-in.factor',
      'user:local:a',
      'session:s1',
      'result:wrong',
      'address:192.0.2.7',
    ]);
  });

  it('keeps the order of what was recorded', async () => {
    const { audit, started, versions } = site();
    const expected = Array.from({ length: 200 }, (_, index) => String(index));
    for (const version of expected) audit.record(started(version));
    await audit.flush();
    assert.deepEqual(versions(), expected);
  });

  it('flushes what was recorded until then, even while more comes', async () => {
    const { audit, started, versions } = site();
    audit.record(started('1'));
    const flushed = audit.flush();
    audit.record(started('2'));
    await flushed;
    assert.equal(versions()[0], '1');
    await audit.flush();
    assert.deepEqual(versions(), ['1', '2']);
    await audit.flush();
  });

  it('never throws while the store is down, logs every event, and writes all of them when it is back', async () => {
    const { audit, started, versions, state, clock, lines } = site();
    state.down = true;
    for (const version of ['1', '2', '3']) audit.record(started(version));
    await audit.flush();
    assert.deepEqual(versions(), []);
    assert.equal(lines.filter((line) => line.includes('gateway.started')).length, 3);
    state.down = false;
    clock.advance(250);
    await audit.flush();
    assert.deepEqual(versions(), ['1', '2', '3']);
  });

  it('asks a store that is down ever less often, at least every five seconds', async () => {
    const { audit, started, state, clock } = site();
    state.down = true;
    audit.record(started('1'));
    await audit.flush();
    state.tries = 0;
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1_000);
      await new Promise(setImmediate);
    }
    assert.ok(state.tries >= 12 && state.tries <= 20, String(state.tries));
  });

  it('bounds what waits, counts what it drops, and keeps half of the room for what matters', async () => {
    const { audit, started, appended, state, clock, metrics } = site({ capacity: 10 });
    state.down = true;
    for (let index = 0; index < 20; index += 1) audit.record(refused);
    for (let index = 0; index < 7; index += 1) audit.record(started(String(index)));
    await audit.flush();
    assert.match(await metrics.text(), /sallyport_audit_waiting 10\n/);
    assert.match(await metrics.text(), /sallyport_audit_dropped_total 17\n/);
    state.down = false;
    clock.advance(5_000);
    await audit.flush();
    assert.equal(appended.filter(({ tags }) => tags.includes('type:gateway.started')).length, 5);
    assert.equal(appended.length, 10);
  });

  it('says how many of one kind came from an address instead of storing each of a flood', async () => {
    const { audit, appended, clock, lines, metrics } = site();
    for (let index = 0; index < 500; index += 1) audit.record(refused);
    audit.record({ ...refused, origin: { address: '192.0.2.8' } });
    await audit.flush();
    assert.equal(appended.length, 21);
    assert.equal(lines.length, 21);
    clock.advance(60_000);
    await audit.flush();
    assert.equal(appended.length, 22);
    const summary = appended.at(-1);
    assert.equal(summary?.entry.repeated, 480);
    assert.ok(summary?.tags.includes('address:192.0.2.7'));
    assert.match(lines.at(-1) ?? '', /"repeated":480/);
    audit.record(refused);
    await audit.flush();
    assert.equal(appended.length, 23);
    assert.match(await metrics.text(), /sallyport_audit_entries_total 23\n/);
  });

  it('says so of a flood that is going on when the gateway stops', async () => {
    const { audit, appended, clock } = site();
    for (let count = 0; count < 25; count += 1) audit.record(refused);
    await audit.close();
    assert.equal(appended.length, 21);
    assert.equal(appended.at(-1)?.entry.repeated, 5);
    clock.advance(60_000);
    await audit.flush();
    assert.equal(appended.length, 21, 'and not once more');
  });

  it('keeps floods of different people apart, and stores every try that was throttled', async () => {
    const { audit, appended } = site();
    const origin = { address: '192.0.2.7' };
    for (let index = 0; index < 50; index += 1) {
      for (const user of ['local:a', 'local:b']) {
        audit.record({ type: 'sign-in.password', result: 'locked', user, name: user, origin });
        audit.record({ type: 'sign-in.password', result: 'refused', user, name: user, origin });
        audit.record({ type: 'sign-in.factor', result: 'wrong', user, name: user, method: 'app', origin });
      }
    }
    await audit.flush();
    const count = (tag: string) => appended.filter(({ tags }) => tags.includes(tag)).length;
    assert.deepEqual(
      [count('result:locked'), count('result:refused'), count('result:wrong')],
      [40, 100, 100],
    );
  });

  it('remembers a bounded number of kinds, however many addresses a flood has', async () => {
    const { audit, appended, clock } = site({ capacity: 100_000 });
    const from = (index: number): AuditEvent => ({ ...refused, origin: { address: `2001:db8::${index}` } });
    for (let index = 0; index < 12_000; index += 1) audit.record(from(index));
    await audit.flush();
    assert.equal(appended.length, 10_020);
    clock.advance(60_000);
    await audit.flush();
    assert.equal(appended.at(-1)?.entry.repeated, 1_980);
  });

  it('keeps only the beginning of a name that nobody has, since it may be a password', async () => {
    const { audit, appended, lines } = site();
    const origin = { address: '::1' };
    audit.record({ type: 'sign-in.password', result: 'refused', name: 'correct-horse-7', origin });
    audit.record({ type: 'sign-in.password', result: 'refused', user: 'local:a', name: 'alice', origin });
    await audit.flush();
    assert.ok(!(JSON.stringify(appended) + lines.join('')).includes('correct'));
    assert.ok(JSON.stringify(appended).includes('"co…"') && JSON.stringify(appended).includes('"alice"'));
  });

  it('stores no code, token or password that slipped into an event', async () => {
    const { audit, appended, lines } = site();
    audit.record({ type: 'request.suspicious', reason: 'GET /?code=483920', origin: { address: '::1' } });
    await audit.flush();
    assert.ok(!JSON.stringify(appended).includes('483920'));
    assert.ok(!lines.join('').includes('483920'));
  });

  it('counts sign-ins and factors', async () => {
    const { audit, metrics } = site();
    const origin = { address: '::1' };
    audit.record({ type: 'sign-in.password', result: 'refused', name: 'x', origin });
    audit.record({ type: 'sign-in.factor', result: 'accepted', user: 'u', name: 'x', method: 'app', origin });
    audit.record({ type: 'session.revoked', user: 'u', reason: 'reset', actor: 'cli' });
    const text = await metrics.text();
    assert.doesNotMatch(text, /state="revoked"/, 'sessions/ counts states');
    assert.match(text, /sallyport_sign_ins_total\{result="refused"\} 1/);
    assert.match(text, /sallyport_factors_total\{method="app",verdict="accepted"\} 1/);
  });
});
