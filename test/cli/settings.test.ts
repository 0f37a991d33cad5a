import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandSite } from './command-site.ts';

describe('the commands for settings', () => {
  it('print all of them, one of them, and as JSON', async (t) => {
    const { run, runHere } = await commandSite(t);
    await runHere(['init']);
    const all = await run(['settings', 'get']);
    assert.match(all.out, /^KEY +VALUE +UNIT +ALLOWED$/m);
    assert.match(all.out, /^discrepancy +480 +steps +0–480$/m);
    assert.equal((await run(['settings', 'get', 'discrepancy'])).out, '480\n');
    const views: { key: string; value: string }[] = JSON.parse(
      (await run(['settings', 'get', '--json'])).out,
    );
    assert.equal(views.length, 16);
    const unknown = await run(['settings', 'get', 'discrepency']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /no setting named discrepency/);
  });

  it('change one, refuse what it can’t be, and put it back', async (t) => {
    const { run: runChild, runHere: run } = await commandSite(t);
    await run(['init']);
    assert.equal(
      (await runChild(['settings', 'set', 'enrolment', 'days(14)'])).out,
      'enrolment is now days(14)\n',
    );
    assert.equal((await run(['settings', 'set', 'helpdesk', 'call 4711, please'])).code, 0);
    for (const [key, value] of [
      ['digits', '3'],
      ['enabled', 'maybe'],
      ['smsMessage', 'no code'],
      ['issuer', 'a:b'],
    ] as const) {
      const { code, err } = await run(['settings', 'set', key, value]);
      assert.equal(code, 1, key);
      assert.match(err, new RegExp(`${key} can't have that value. Allowed: `));
    }
    assert.equal((await run(['settings', 'get', 'enrolment'])).out, 'days(14)\n');
    assert.equal((await run(['settings', 'get', 'helpdesk'])).out, 'call 4711, please\n');
    assert.equal((await run(['settings', 'set', 'enrolment', '--default'])).out, 'enrolment is now open\n');
    assert.equal((await run(['settings', 'set', 'enrolment', 'open', '--default'])).code, 64);
    assert.equal((await run(['settings', 'set', 'nothing', '--default'])).code, 1);
  });
});
