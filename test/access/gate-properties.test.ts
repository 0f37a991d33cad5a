import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { AdmittedSession, GatedApplication } from '../../src/access/index.ts';
import { referenceTo, type SessionRecord } from '../../src/sessions/index.ts';
import {
  desktops,
  openSite,
  outcome,
  RecordedConnection,
  reports,
  type Site,
  upgradeWith,
  withCookie,
} from './gate-site.ts';

/** One user with two sessions, and what a plain reading of product section 2 says of them. */
class World {
  readonly site: Site;
  readonly sessions: Person[];

  constructor(site: Site, sessions: Person[]) {
    this.site = site;
    this.sessions = sessions;
  }
}

type Person = {
  readonly session: SessionRecord;
  readonly token: string;
  readonly tunnels: { readonly connection: RecordedConnection; readonly held: AdmittedSession }[];
  /** Reckoned here, not asked: `granted` until, `active` until, or ended. */
  state: { name: 'granted' | 'active'; until: number } | { name: 'expired' | 'revoked' };
};

const validityAfter = 480 * 60_000;

function expected(
  world: World,
  person: Person,
  kind: 'request' | 'upgrade',
  application: GatedApplication,
): string {
  const { state } = person;
  if (state.name === 'revoked') return 'sign-in-required';
  const over = state.name === 'expired' || ('until' in state && world.site.clock.now() >= state.until);
  const tunnel = person.tunnels.some(({ connection }) => connection.application === application.name);
  if (over && (kind === 'upgrade' || !tunnel)) return 'sign-in-expired';
  return 'admitted';
}

type Step = { readonly who: number; run(world: World, person: Person): Promise<void> };

const applications = [desktops, reports];

async function ask(world: World, person: Person, kind: 'request' | 'upgrade', application: GatedApplication) {
  const { gate } = world.site;
  const request = kind === 'request' ? withCookie(person.token) : upgradeWith(person.token);
  const wanted = expected(world, person, kind, application);
  const decision = await gate.admit(request, application, kind);
  assert.equal(outcome(decision), wanted);
  if (wanted === 'sign-in-expired' && person.state.name !== 'revoked') person.state = { name: 'expired' };
  return decision;
}

const step = {
  asks: fc
    .tuple(
      fc.nat(1),
      fc.constantFrom('request' as const, 'upgrade' as const),
      fc.constantFrom(...applications),
    )
    .map(([who, kind, application]) => ({
      who,
      run: async (world: World, person: Person) => void (await ask(world, person, kind, application)),
      toString: () => `${who} asks ${application.name} (${kind})`,
    })),
  opens: fc.tuple(fc.nat(1), fc.constantFrom(...applications)).map(([who, application]) => ({
    who,
    run: async (world: World, person: Person) => {
      const { gate, clock } = world.site;
      const decision = await ask(world, person, 'upgrade', application);
      if (decision.kind !== 'session') return;
      const opened = await gate.open(decision, application, { address: '', arrivedAt: clock.now() });
      assert.equal(outcome(opened), 'admitted');
      if (person.state.name === 'granted') {
        person.state = { name: 'active', until: clock.now() + validityAfter };
      }
      const connection = new RecordedConnection(application.name);
      decision.attach(connection);
      person.tunnels.push({ connection, held: decision });
    },
    toString: () => `${who} opens ${application.name}`,
  })),
  closes: fc.nat(1).map((who) => ({
    who,
    run: async (_world: World, person: Person) => {
      const tunnel = person.tunnels.pop();
      tunnel?.held.detach(tunnel.connection);
    },
    toString: () => `${who} closes a tunnel`,
  })),
  revoked: fc.nat(1).map((who) => ({
    who,
    run: async (world: World, person: Person) => {
      await world.site.sessions.revoke(referenceTo(person.session), { reason: 'kill', actor: 'cli' });
      await world.site.settled();
      person.state = { name: 'revoked' };
      for (const { connection } of person.tunnels) assert.deepEqual(connection.closed, ['kill']);
    },
    toString: () => `${who} is revoked`,
  })),
  time: fc.integer({ min: 1, max: 7_200_000 }).map((by) => ({
    who: 0,
    run: async (world: World) => world.site.clock.jump(world.site.clock.now() + by),
    toString: () => `clock +${by}`,
  })),
  ticks: fc.integer({ min: 500, max: 5000 }).map((by) => ({
    who: 0,
    run: async (world: World) => {
      world.site.clock.advance(by);
      await world.site.settled();
    },
    toString: () => `ticks ${by}`,
  })),
  deaf: fc.constant({
    who: 0,
    run: async (world: World) => world.site.faults.goDeaf(),
    toString: () => 'goes deaf',
  }),
  hears: fc.constant({
    who: 0,
    run: async (world: World) => {
      world.site.faults.hearAgain();
      await world.site.settled();
    },
    toString: () => 'hears again',
  }),
  changed: fc.constant({
    who: 0,
    run: async (world: World) => {
      await world.site.store.publish('accounts', { everyone: true });
    },
    toString: () => 'accounts change',
  }),
};

async function openWorld(context: TestContext): Promise<World> {
  const site = await openSite(context);
  const sessions: Person[] = [];
  for (let count = 0; count < 2; count++) {
    const signedIn = await site.signIn();
    const until = site.clock.now() + 3_600_000;
    sessions.push({ ...signedIn, tunnels: [], state: { name: 'granted', until } });
  }
  return new World(site, sessions);
}

describe('the gate, whatever happens in whatever order', () => {
  it('decides as the table of states says, and a revocation closes everything', async (t) => {
    const steps: fc.Arbitrary<Step[]> = fc.array(
      fc.oneof(
        { weight: 5, arbitrary: step.asks },
        { weight: 5, arbitrary: step.opens },
        { weight: 2, arbitrary: step.closes },
        { weight: 1, arbitrary: step.revoked },
        { weight: 3, arbitrary: step.time },
        { weight: 2, arbitrary: step.ticks },
        { weight: 1, arbitrary: step.deaf },
        { weight: 1, arbitrary: step.hears },
        { weight: 1, arbitrary: step.changed },
      ),
      { minLength: 5, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const world = await openWorld(t);
        for (const each of all) {
          const person = world.sessions[each.who];
          assert.ok(person);
          await each.run(world, person);
        }
      }),
      { numRuns: 120 },
    );
  });
});
