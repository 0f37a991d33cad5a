import assert from 'node:assert/strict';
import type { Clock } from '../../src/clock.ts';
import { type Rooms, subscription } from '../../src/server/index.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { password } from '../support/site.ts';
import { Lost, type Move, SteadfastPerson } from './steadfast-person.ts';

/** Who are at it at the same time, of how many at most before somebody new comes instead. */
const atOnce = 3;
const regulars = 7;
/** What is aimed at: mostly the very check of a code. */
const targets: readonly Move[] = [
  'enrol',
  'enrol',
  'verify',
  'verify',
  'verify',
  'verify',
  'recover',
  'recover',
  'draft',
  'sign-in',
  'replay',
];

/** People who sign in, enrol and come back while something keeps happening to their gateway. */
export class SteadfastCrowd {
  readonly random: SeededRandom;
  readonly #people: SteadfastPerson[] = [];
  /** Milliseconds that each kind of request took lately. */
  readonly #usual = new Map<Move, number>();
  #inFlight = 0;

  /** `seed` decides what they do, and when something happens. */
  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  /** Accounts for so many, and settings under which whatever single use forgot would be accepted again for hours. */
  async settle(
    { local, settings }: Rooms,
    count: number,
    portal: { port: number; clock: Clock },
  ): Promise<void> {
    const wide = { discrepancy: 480, driftTolerance: 480, validityBeforeFirstSession: 86_400 };
    await settings.update(subscription, wide, 'test');
    for (let index = 0; index < count; index += 1) {
      const person = new SteadfastPerson(`person-${index}`, portal.port, portal.clock, this.random);
      await local.create({ name: person.name, password }, 'test');
      this.#people.push(person);
    }
  }

  /**
   * Lets some of them work until it strikes, and until each has nothing left to do or no answer. Resolves to whether
   * that met somebody at work. `between`: called between two requests of a person.
   */
  async disturb(strike: () => Promise<void>, between: () => void = () => {}): Promise<boolean> {
    const wanted = this.random.pick(targets);
    const aim = this.random.fraction();
    // Now and then at the very answer: what it acknowledged has to be there.
    const atAnswer = this.random.chance(0.25);
    let aimed = false;
    let struck = false;
    let moves = 0;
    let fire = (): void => {};
    const hit = new Promise<void>((resolve) => {
      fire = resolve;
    });
    const watch = (move: Move, answered: boolean): void => {
      moves += 1;
      if (aimed || answered !== atAnswer || (move !== wanted && moves < 5 * atOnce)) return;
      aimed = true;
      if (answered) fire();
      else setTimeout(fire, aim * (this.#usual.get(move) ?? 20));
    };
    const work = async (person: SteadfastPerson): Promise<void> => {
      person.wake();
      for (let move = person.next(); move !== undefined; move = person.next()) {
        try {
          await this.#make(person, move, watch);
        } catch (error) {
          if (error instanceof Lost && struck) return;
          throw error;
        }
        between();
      }
    };
    const working = this.#cast().map(work);
    await Promise.race([hit, Promise.all(working)]);
    const met = this.#inFlight > 0 || (aimed && atAnswer);
    struck = true;
    await strike();
    await Promise.all(working);
    return met;
  }

  /** Everybody can sign in. `pass`: lets so many milliseconds go by. */
  async comeBack(pass: (milliseconds: number) => Promise<void>): Promise<void> {
    for (const person of this.#people) await person.comeBack(pass);
  }

  /** Every session comes from a proof, no proof has two, and one that was acknowledged has one. */
  async countSessions({ local, sessions }: Rooms): Promise<void> {
    for (const { name, episodes } of this.#people) {
      const user = await local.lookUp(name);
      const records = await sessions.listOf({ subscription, user: user?.key ?? '' });
      const granted = records.map(({ verifiedAt }) => verifiedAt);
      for (const { from, to, sessions: expected } of episodes) {
        const within = granted.filter((at) => at >= from && at <= to).length;
        const right = { one: within === 1, 'at most one': within <= 1, none: within === 0 }[expected];
        assert.ok(right, `${name} has ${within} sessions from a proof that is good for ${expected}`);
      }
      const strays = granted.filter((at) => !episodes.some(({ from, to }) => at >= from && at <= to));
      assert.deepEqual(strays, [], `${name} has sessions that no proof has earned`);
    }
  }

  /** Of the proofs whose answer was lost: how many had been accepted all the same, and how many had not. */
  get lost(): { accepted: number; undone: number } {
    const lost = { accepted: 0, undone: 0 };
    for (const person of this.#people) {
      lost.accepted += person.lost.accepted;
      lost.undone += person.lost.undone;
    }
    return lost;
  }

  /** Some of those who have had the fewest sign-ins so far, so that there is always somebody to enrol. */
  #cast(): SteadfastPerson[] {
    const about = this.#people.filter((person) => person.episodes.length < 6).slice(0, regulars);
    const cast = new Set<SteadfastPerson>();
    while (cast.size < Math.min(atOnce, about.length)) cast.add(this.random.pick(about));
    return [...cast];
  }

  async #make(
    person: SteadfastPerson,
    move: Move,
    watch: (move: Move, answered: boolean) => void,
  ): Promise<void> {
    const from = performance.now();
    this.#inFlight += 1;
    watch(move, false);
    try {
      await person.make(move);
    } finally {
      this.#inFlight -= 1;
    }
    watch(move, true);
    const took = performance.now() - from;
    this.#usual.set(move, ((this.#usual.get(move) ?? took) * 3 + took) / 4);
  }
}
