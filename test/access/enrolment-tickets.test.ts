import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import {
  type AdministrationParts,
  EnabledList,
  FactorDocuments,
  issueTicket,
  KnownUsers,
  LocalGroups,
  LocalUsers,
  Obligations,
  RemovedFactorsArchive,
  resetFactors,
} from '../../src/accounts/index.ts';
import { systemRandom } from '../../src/random.ts';
import { doneOf, pendingOf, refusal, SignInSite, visitor } from './sign-in-site.ts';

/** What an administrator works with, over the same store as the sign-in procedure. */
async function administration(t: TestContext): Promise<{ site: SignInSite; parts: AdministrationParts }> {
  const site = await SignInSite.open(t);
  const { store, clock, audit, sealer, settings, sessions } = site;
  const shared = { store, clock, random: systemRandom };
  const list = new EnabledList({ store, sealer, installedAt: 0 });
  const factors = new FactorDocuments(store);
  const parts: AdministrationParts = {
    ...{ subscription: 'default', clock, random: systemRandom, audit, list, factors, sessions },
    users: new LocalUsers({ ...shared, sealer, groups: new LocalGroups(shared) }),
    obligations: new Obligations({ list, factors, settings, clock }),
    archive: new RemovedFactorsArchive({ store, sealer, factors }),
    known: new KnownUsers({ store, clock }),
    roles: site.parts.roles,
    findUser: (key) => site.directory.find(key),
    forgetDevices: (owner) => site.parts.devices.forgetAll(owner),
    forgetAccount: async () => {},
  };
  return { site, parts };
}

describe('an enrolment with a ticket', () => {
  it('after a reset takes the ticket as it was read out, once', async (t) => {
    const { site, parts } = await administration(t);
    const { user } = await site.enrolled('alice');
    const [reset] = await resetFactors(parts, [user.key], 'local:owner-id', { ticket: true });
    const typed = (reset?.ticket ?? '').toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
    const pending = pendingOf(await site.begin('alice'), 'enrol');
    await refusal(site.signIn.beginApp(pending, visitor), 'ticket-required');
    await refusal(site.signIn.beginApp(pending, visitor, 'AAAA-BBBB-CCCC-DDDD'), 'invalid-ticket');
    await refusal(site.signIn.confirmApp(pending, { code: '123456' }, visitor), 'ticket-required');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor, typed)).secret);
    doneOf(await site.signIn.confirmApp(pending, { code: phone.code() }, visitor));
    assert.equal((await site.factors(user)).ticketHash, undefined);
    assert.equal((await site.factors(user)).apps.length, 1);
  });

  it('is void once another ticket was issued, or the user was reset again', async (t) => {
    const { site, parts } = await administration(t);
    site.settings.change({ enrolment: 'ticket' });
    const bob = site.directory.add('bob');
    const first = await issueTicket(parts, bob.key, 'cli');
    const second = await issueTicket(parts, bob.key, 'cli');
    const pending = pendingOf(await site.begin('bob'), 'enrol');
    await refusal(site.signIn.beginApp(pending, visitor, first), 'invalid-ticket');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor, second)).secret);
    await resetFactors(parts, [bob.key], 'cli', { ticket: true });
    await refusal(site.signIn.confirmApp(pending, { code: phone.code() }, visitor), 'ticket-required');
    assert.equal((await site.factors(bob)).apps.length, 0);
  });

  it('ends every session that the lost phone had opened', async (t) => {
    const { site, parts } = await administration(t);
    const { user, phone } = await site.enrolled('alice');
    await site.through('alice', phone);
    assert.equal((await site.live(user)).length, 2);
    await resetFactors(parts, [user.key], 'cli');
    assert.deepEqual(await site.live(user), []);
    assert.equal((await site.begin('alice')).status, 'enrol');
  });
});
