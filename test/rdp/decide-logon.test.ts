import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Obligation } from '../../src/accounts/index.ts';
import { decideLogon, type LogonFacts } from '../../src/rdp/index.ts';

type Known = Extract<LogonFacts, { person: 'known' }>;

const required: Obligation = { required: true, rule: 'user', since: 0, method: 'app' };
const free = (rule: 'switched-off' | 'exempt' | 'not-listed'): Obligation => ({ required: false, rule });
const mode = (rdpLogon: Known['settings']['rdpLogon'], unlistedUsers: 'allow' | 'deny' = 'allow') => ({
  rdpLogon,
  unlistedUsers,
});

/** An enabled user who has done nothing. */
const nobody: Known = {
  person: 'known',
  protocol: 'rdp',
  assigned: true,
  obligation: required,
  settings: mode('on-request'),
  whitelisted: false,
  earlier: 'none',
  permit: 'none',
  session: 'none',
};
const everything = { whitelisted: true, earlier: 'valid', permit: 'valid', session: 'valid' } as const;

describe('a logon is decided', () => {
  const cases: readonly (readonly [string, Partial<Known> | LogonFacts, string])[] = [
    ['of a name that nobody has', { person: 'unknown' }, 'deny unknown-user'],
    ['of a name that two directories have', { person: 'ambiguous' }, 'deny ambiguous-user'],
    ['while the directory is down', { person: 'directory-unavailable' }, 'deny directory-unavailable'],
    ['of an account that is switched off', { person: 'disabled' }, 'deny user-disabled'],
    ['of somebody the server is not for', { ...everything, assigned: false }, 'deny not-assigned'],
    [
      'with 2FA switched off',
      { obligation: free('switched-off'), settings: mode('deny', 'deny') },
      'allow two-factor-off',
    ],
    ['of somebody exempt', { obligation: free('exempt'), settings: mode('deny', 'deny') }, 'allow exempt'],
    [
      'of somebody not enabled',
      { obligation: free('not-listed'), settings: mode('deny') },
      'allow not-enabled',
    ],
    [
      'of somebody not enabled where such are denied, whatever they hold',
      { ...everything, obligation: free('not-listed'), settings: mode('on-request', 'deny') },
      'deny not-enabled-denied',
    ],
    ['by the whitelist, before any mode', { whitelisted: true, settings: mode('deny') }, 'allow whitelisted'],
    ['by SSH, whatever the RDP whitelist says', { whitelisted: true, protocol: 'ssh' }, 'deny click-needed'],
    [
      'with mode deny, whatever they hold',
      { ...everything, whitelisted: false, settings: mode('deny') },
      'deny logons-denied',
    ],
    ['without a click', {}, 'deny click-needed'],
    ['without a click, though signed in', { session: 'valid' }, 'deny click-needed'],
    ['after a click', { permit: 'valid' }, 'allow permitted by permit'],
    ['after a click whose session has ended', { permit: 'over', session: 'valid' }, 'deny session-ended'],
    ['coming back', { earlier: 'valid' }, 'allow reconnect by earlier'],
    [
      'coming back, without using up a click',
      { earlier: 'valid', permit: 'valid' },
      'allow reconnect by earlier',
    ],
    ['coming back when the session has ended', { earlier: 'over' }, 'deny session-ended'],
    [
      'coming back when the session has ended, with a new click',
      { earlier: 'over', permit: 'valid' },
      'allow permitted by permit',
    ],
    [
      'after verification',
      { settings: mode('after-verification'), session: 'valid' },
      'allow verified by session',
    ],
    [
      'after verification elsewhere',
      { settings: mode('after-verification'), session: 'elsewhere' },
      'deny other-address',
    ],
    [
      'after verification by a click alone',
      { settings: mode('after-verification'), permit: 'valid' },
      'deny not-verified',
    ],
    [
      'coming back from another address',
      { settings: mode('after-verification'), session: 'elsewhere', earlier: 'valid' },
      'allow reconnect by earlier',
    ],
  ];
  for (const [name, facts, expected] of cases) {
    it(`${name}: ${expected}`, () => {
      const verdict = decideLogon({ ...nobody, ...facts } as LogonFacts);
      const by = 'by' in verdict ? ` by ${verdict.by}` : '';
      assert.equal(`${verdict.decision} ${verdict.reason}${by}`, expected);
    });
  }

  it('never lets in an enabled user who has neither click, session, earlier logon nor an entry on the whitelist', () => {
    const facts = fc.record({
      person: fc.constant('known' as const),
      protocol: fc.constantFrom('rdp' as const, 'ssh' as const),
      assigned: fc.boolean(),
      obligation: fc.constantFrom<Obligation>(
        required,
        { ...required, rule: 'administrator' },
        { ...required, rule: 'groups-unknown' },
      ),
      settings: fc.record({
        rdpLogon: fc.constantFrom('deny' as const, 'on-request' as const, 'after-verification' as const),
        unlistedUsers: fc.constantFrom('allow' as const, 'deny' as const),
      }),
      whitelisted: fc.constant(false),
      earlier: fc.constantFrom('over' as const, 'none' as const),
      permit: fc.constantFrom('over' as const, 'none' as const),
      session: fc.constantFrom('elsewhere' as const, 'none' as const),
    });
    fc.assert(fc.property(facts, (each) => decideLogon(each).decision === 'deny'));
  });
});
