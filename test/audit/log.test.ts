import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createLog, redact, redacted, redactText } from '../../src/audit/index.ts';
import { GatewayError } from '../../src/errors.ts';

function capture() {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('the log', () => {
  it('writes one JSON line with level, time, fields and message', () => {
    const { log, lines, last } = capture();
    log.info({ application: 'desktops' }, 'opened');
    assert.equal(lines.length, 1);
    const { level, application, msg, time } = last();
    assert.deepEqual({ level, application, msg }, { level: 'info', application: 'desktops', msg: 'opened' });
    assert.ok(!Number.isNaN(Date.parse(time)));
  });

  for (const name of [
    'password',
    'newPassword',
    'secret',
    'sealedSecret',
    'token',
    'authorization',
    'cookie',
    'set-cookie',
    'SET_COOKIE',
    'code',
    'recoveryCodes',
    'ticket',
    'phone',
    'x-sallyport-assertion',
  ]) {
    it(`never prints the value of a field called ${name}`, () => {
      const { log, lines } = capture();
      log.warn({ request: { headers: { [name]: 'hunter2-482913' } } }, 'seen');
      log.child({ [name]: 'hunter2-482913' }).warn({}, 'seen');
      assert.equal(lines.length, 2);
      assert.ok(!lines.join('').includes('hunter2-482913'), lines.join(''));
      assert.match(lines.join(''), /\[redacted\]/);
    });
  }

  for (const [shape, text, secret] of [
    ['a bearer header', 'sent Authorization: Bearer abcdefgh12345678', 'abcdefgh12345678'],
    ['a token', 'bad token eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2ln', 'eyJzdWIiOiJhIn0'],
    ['an otpauth URI', 'otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=y', 'JBSWY3DPEHPK3PXP'],
    ['a URL with credentials', 'cannot reach redis://default:s3cret@10.0.0.1:6379', 's3cret'],
    ['a query with a code', '/x?code=483920&a=1', '483920'],
    ['a session cookie', 'Cookie: __Host-sallyport-session=abc.def; a=b', 'abc.def'],
    ['an owner link', 'http://localhost:8080/.sallyport/owner#Zm9vYmFy', 'Zm9vYmFy'],
    ['a recovery link', 'http://localhost:8080/.sallyport/recover#Zm9vYmFy/olga', 'Zm9vYmFy'],
    ['a sealed value', 'cannot open sealed:1:k1:app:aXY:Y2lwaGVy', 'Y2lwaGVy'],
    ['a password hash', 'hash $argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 'aGFzaA'],
  ] as const) {
    it(`takes ${shape} out of messages and errors`, () => {
      const { log, lines } = capture();
      log.error({ error: new Error(text), note: text }, text);
      assert.ok(!lines.join('').includes(secret), lines.join(''));
    });
  }

  it('prints an error with its code, stack and causes, but nothing else that hangs on it', () => {
    const { log, last, lines } = capture();
    const cause = Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      request: { body: 'private' },
    });
    log.error({ error: new GatewayError('upstream-unreachable', { cause }) }, 'failed');
    const { error } = last();
    assert.equal(error.code, 'upstream-unreachable');
    assert.equal(error.cause.code, 'ECONNREFUSED');
    assert.equal(error.cause.syscall, 'connect');
    assert.match(error.stack, /log\.test/);
    assert.ok(!lines.join('').includes('private'));
  });

  it('keeps problem codes and yes-or-no answers that only sound like secrets', () => {
    assert.deepEqual(redact({ code: 'wrong-code', mustChangePassword: true }), {
      code: 'wrong-code',
      mustChangePassword: true,
    });
    assert.deepEqual(redact({ code: '482913' }), { code: redacted });
  });

  it('survives cycles, throwing getters and enormous values', () => {
    const { log, lines } = capture();
    const cycle: Record<string, unknown> = { long: 'x'.repeat(100_000) };
    cycle.self = cycle;
    log.info(cycle, 'cycle');
    log.info(
      Object.defineProperty({}, 'bad', {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      }),
      'getter',
    );
    assert.equal(lines.length, 2);
    assert.ok((lines[0]?.length ?? 0) < 50_000);
  });

  it('outlives a full disk behind the standard output', { skip: !existsSync('/dev/full') }, () => {
    const script = `
      import { createLog } from ${JSON.stringify(new URL('../../src/audit/index.ts', import.meta.url).href)};
      const log = createLog();
      for (let line = 0; line < 10_000; line += 1) log.info({ line }, 'x'.repeat(200));
      setImmediate(() => process.stderr.write('alive'));
    `;
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: 'alive' });
  });

  it('never throws and never keeps a password, whatever is logged', () => {
    const { log, lines } = capture();
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.string(), (fields, message) => {
        lines.length = 0;
        log.info({ ...fields, deep: { password: 'correct-horse-7' } }, message);
        return lines.length === 1 && !lines.join('').includes('correct-horse-7');
      }),
      { numRuns: 300 },
    );
  });

  it('redacts the same text twice to the same text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => {
        const once = redactText(text);
        return redactText(once) === once;
      }),
    );
  });
});
