import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deadline, granted, judge, next, type Validity } from '../../src/sessions/lifecycle.ts';
import type { SessionState } from '../../src/sessions/session.ts';

const T0 = Date.UTC(2026, 0, 15, 9);

/** A session and the clock, moved only by commands; `deadlines` is everything a deadline was ever said to be. */
class World {
  readonly atGrant: Validity;
  validity: Validity;
  now = T0;
  state: SessionState;

  constructor(validity: Validity) {
    this.atGrant = validity;
    this.validity = validity;
    this.state = granted(validity, T0);
  }
}

/** What must be true of it, reckoned independently and plainly. */
type Model = {
  terminal: 'expired' | 'revoked' | undefined;
  openings: number[];
  /** No opening can be admitted at or after this. */
  limit: number;
};

type Step = fc.Command<Model, World>;

const validity: fc.Arbitrary<Validity> = fc.record({
  before: fc.integer({ min: 30, max: 86_400 }).map((seconds) => seconds * 1000),
  after: fc.integer({ min: 1, max: 43_200 }).map((minutes) => minutes * 60_000),
  countFrom: fc.constantFrom('first-session', 'last-session'),
});

class Move implements Step {
  readonly by: number;
  constructor(by: number) {
    this.by = by;
  }
  check = () => true;
  run(model: Model, world: World): void {
    world.now += this.by;
    follow(model, world, () =>
      next(world.state, { type: 'time-passed', validity: world.validity }, world.now),
    );
  }
  toString = () => `clock ${this.by >= 0 ? '+' : ''}${this.by}`;
}

class ChangeSettings implements Step {
  readonly to: Validity;
  constructor(to: Validity) {
    this.to = to;
  }
  check = () => true;
  run(model: Model, world: World): void {
    const before = deadline(world.state, world.atGrant);
    world.validity = this.to;
    if (world.state.name === 'granted' || world.state.name === 'active') {
      assert.ok(deadline(world.state, world.validity) <= before, 'settings never lengthen');
    }
    follow(model, world, () =>
      next(world.state, { type: 'time-passed', validity: world.validity }, world.now),
    );
  }
  toString = () => `settings ${JSON.stringify(this.to)}`;
}

class Open implements Step {
  readonly waited: number;
  /** `waited`: milliseconds that the upstream took. */
  constructor(waited: number) {
    this.waited = waited;
  }
  check = () => true;
  run(model: Model, world: World): void {
    const arrivedAt = world.now;
    const inTime =
      model.terminal === undefined && judge(world.state, world.validity, arrivedAt).name === world.state.name;
    world.now += this.waited;
    const event = { type: 'opened', arrivedAt, validity: world.validity } as const;
    follow(model, world, () => next(world.state, event, world.now));
    if (!inTime) {
      assert.notEqual(world.state.name, 'active', 'too late an opening opens nothing');
      return;
    }
    assert.ok(arrivedAt < model.limit, 'admitted within what was promised at the grant');
    assert.ok(world.state.name === 'active');
    model.openings.push(world.now);
    assert.equal(world.state.firstSessionAt, model.openings[0], 'one T1');
    assert.equal(world.state.lastSessionAt, Math.max(...model.openings));
    const from =
      world.atGrant.countFrom === 'last-session' ? world.state.lastSessionAt : world.state.firstSessionAt;
    model.limit = from + world.atGrant.after;
    assert.ok(deadline(world.state, world.validity) <= model.limit);
  }
  toString = () => `open, ${this.waited} later`;
}

class Revoke implements Step {
  check = () => true;
  run(model: Model, world: World): void {
    follow(model, world, () => next(world.state, { type: 'revoked', reason: 'ban' }, world.now));
    assert.equal(world.state.name, 'revoked');
  }
  toString = () => 'revoke';
}

/** Whatever happens: revoked stays as it is, and expired becomes nothing but revoked. */
function follow(model: Model, world: World, happen: () => SessionState): void {
  const before = world.state;
  world.state = happen();
  if (model.terminal === 'revoked') assert.equal(world.state, before);
  if (model.terminal === 'expired' && world.state !== before) assert.equal(world.state.name, 'revoked');
  const { name } = world.state;
  model.terminal = name === 'expired' || name === 'revoked' ? name : undefined;
}

describe('the life of a session, whatever happens in whatever order', () => {
  it('never comes back, never lasts longer than was promised, and has one T1', () => {
    const commands = fc.commands(
      [
        fc.integer({ min: -50_000_000, max: 100_000_000 }).map((by) => new Move(by)),
        validity.map((to) => new ChangeSettings(to)),
        fc.integer({ min: 0, max: 60_000 }).map((waited) => new Open(waited)),
        fc.constant(new Revoke()),
      ],
      { maxCommands: 40 },
    );
    fc.assert(
      fc.property(validity, commands, (atGrant, steps) => {
        const setup = () => ({
          model: { terminal: undefined, openings: [], limit: T0 + atGrant.before } satisfies Model as Model,
          real: new World(atGrant),
        });
        fc.modelRun(setup, steps);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives one T1 in whichever order two simultaneous first openings are written', () => {
    fc.assert(
      fc.property(validity, fc.nat(20_000), fc.nat(20_000), (atGrant, one, other) => {
        const start = granted(atGrant, T0);
        const open = (state: SessionState, after: number) =>
          next(state, { type: 'opened', arrivedAt: T0, validity: atGrant }, T0 + after);
        const state = open(open(start, one), other);
        assert.ok(state.name === 'active');
        assert.equal(state.firstSessionAt, T0 + one);
        assert.equal(state.lastSessionAt, T0 + Math.max(one, other));
      }),
    );
  });
});
