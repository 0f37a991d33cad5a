import assert from 'node:assert/strict';
import { pendingLifetime } from '../../src/access/pending-sign-ins.ts';
import type { Clock } from '../../src/clock.ts';
import { stepLength } from '../../src/second-factors/index.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { password } from '../support/site.ts';
import { type Answer, SiteClient } from '../support/site-client.ts';

/** What a person asks the gateway for, one request each. `replay`: somebody tries a code that has proven something. */
export type Move = 'sign-in' | 'draft' | 'enrol' | 'verify' | 'recover' | 'replay' | 'use';

/** One proof from its first try until its fate is known, on the gateway's clock, and how many sessions it may have got. */
export type Episode = {
  readonly from: number;
  readonly to: number;
  readonly sessions: 'one' | 'at most one' | 'none';
};

type Stage = 'signed out' | 'enrolling' | 'verifying';

type Proof = {
  readonly method: 'app' | 'recovery';
  readonly code: string;
  readonly from: number;
  tries: number;
};

/** No answer came, or that the store can't be reached: whether what was asked for was done nobody knows. */
export class Lost extends Error {}

/**
 * Somebody who enrols, signs in and comes back however often the gateway dies under them, and who holds every answer
 * against everything they were told before. Their codes are tried again when the answer was lost, as people do.
 */
export class SteadfastPerson {
  readonly name: string;
  readonly client: SiteClient;
  readonly episodes: Episode[] = [];
  /** Proofs whose answer was lost: how many had been accepted all the same, and how many had not. */
  readonly lost = { accepted: 0, undone: 0 };
  enrolled: 'no' | 'maybe' | 'yes' = 'no';
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  #stage: Stage = 'signed out';
  #stageSince = 0;
  #holdsSession = false;
  #uses = false;
  #drafted = false;
  /** The time step of the newest code that was used; the app shows another one only later. */
  #lastStep = 0;
  #proof: Proof | undefined;
  #recovery: string[] = [];
  readonly #spent: Pick<Proof, 'method' | 'code'>[] = [];
  #waitsUntil = 0;

  constructor(name: string, port: number, clock: Clock, random: SeededRandom) {
    this.name = name;
    this.client = new SiteClient(port, clock);
    this.#clock = clock;
    this.#random = random;
  }

  /** What they would do next; undefined when all they can do is wait. */
  next(): Move | undefined {
    if (this.#clock.now() < this.#waitsUntil) return undefined;
    if (this.#uses) return 'use';
    switch (this.#stage) {
      case 'signed out':
        return 'sign-in';
      case 'enrolling':
        if (!this.#drafted) return 'draft';
        return this.#proof !== undefined || this.#hasNewCode() ? 'enrol' : undefined;
      case 'verifying':
        if (this.#proof !== undefined) return this.#proof.method === 'app' ? 'verify' : 'recover';
        if (this.#spent.length > 0 && this.#random.chance(0.3)) return 'replay';
        if (this.#recovery.length > 3 && this.#random.chance(0.3)) return 'recover';
        return this.#hasNewCode() ? 'verify' : undefined;
    }
  }

  /** Does it, and judges the answer. Rejects with `Lost` when none came, and with an AssertionError when it is wrong. */
  async make(move: Move): Promise<void> {
    switch (move) {
      case 'sign-in':
        return this.#signIn();
      case 'draft':
        return this.#draft();
      case 'enrol':
        return this.#enrol();
      case 'verify':
        return this.#prove('app');
      case 'recover':
        return this.#prove('recovery');
      case 'replay':
        // The latest is the one that a kill may have brought back.
        return this.#replay(this.#random.pick(this.#spent.slice(this.#random.chance(0.5) ? -1 : 0)));
      case 'use':
        return this.#use();
    }
  }

  /** A new gateway runs: whoever was told of a session looks whether it still works. */
  wake(): void {
    this.#uses = this.#holdsSession;
  }

  /**
   * Signs in, with nothing lost on the way: whoever they are and whatever happened to them, they can. Then tries
   * their latest codes again. `pass`: lets so many milliseconds go by.
   */
  async comeBack(pass: (milliseconds: number) => Promise<void>): Promise<void> {
    if (this.#holdsSession) await this.#use();
    for (let requests = 0; !this.#uses; requests += 1) {
      assert.ok(requests < 10, this.#say('can neither enrol nor verify'));
      const wait = this.#waitsUntil - this.#clock.now();
      if (wait > 0) await pass(wait);
      if (this.#at('signed out')) await this.#signIn();
      else if (this.#at('verifying')) await this.#prove(this.#proof?.method ?? 'app');
      else if (this.#drafted) await this.#enrol();
      else await this.#draft();
      // Every proof has a moment of its own.
      await pass(1);
    }
    await this.#use();
    await this.#signIn();
    for (const spent of this.#spent.slice(-3)) await this.#replay(spent);
  }

  #at(stage: Stage): boolean {
    return this.#stage === stage;
  }

  async #signIn(): Promise<void> {
    const answer = await this.#call('sign-in', { username: this.name, password });
    if (this.#mustWait(answer)) return;
    assert.equal(answer.status, 200, this.#say(`signing in: ${answer.text}`));
    if (answer.json.status === 'verify') {
      assert.notEqual(this.enrolled, 'no', this.#say('is asked for a code of nothing that was enrolled'));
      this.enrolled = 'yes';
      this.#enter('verifying');
      return;
    }
    assert.equal(answer.json.status, 'enrol', answer.text);
    assert.notEqual(this.enrolled, 'yes', this.#say('an acknowledged enrolment was lost'));
    // It was not saved, and neither may a session have been.
    if (this.enrolled === 'maybe') this.#settle('none');
    this.enrolled = 'no';
    this.#drafted = false;
    this.#enter('enrolling');
  }

  async #draft(): Promise<void> {
    const answer = await this.#call('enrol/app', {});
    if (this.#startsOver(answer, false)) return;
    assert.equal(answer.status, 200, this.#say(`a new key: ${answer.text}`));
    this.client.secret = answer.json.secret;
    this.#drafted = true;
  }

  async #enrol(): Promise<void> {
    const proof = this.#take('app');
    const first = proof.tries === 1;
    this.enrolled = 'maybe';
    const answer = await this.#call('enrol/verify', { method: 'app', code: proof.code });
    if (this.#mustWait(answer) || this.#startsOver(answer, !first)) return;
    if (answer.json?.code === 'already-enrolled') {
      assert.equal(first, false, this.#say('was enrolled before the first proof'));
      this.enrolled = 'yes';
      this.#enter('signed out');
      return;
    }
    if (answer.json?.code === 'code-already-used') {
      // Claimed, and killed before the enrolment was saved: the next code will do.
      assert.equal(first, false, this.#say('a new code counts as used'));
      this.enrolled = 'no';
      this.#settle('none');
      return;
    }
    assert.equal(answer.json?.status, 'done', this.#say(`enrolling: ${answer.text}`));
    this.enrolled = 'yes';
    this.#recovery = answer.json.recoveryCodes;
    this.#settle('one');
    this.#holdsSession = true;
    this.#uses = true;
    this.#enter('signed out');
  }

  async #prove(method: Proof['method']): Promise<void> {
    const proof = this.#take(method);
    const first = proof.tries === 1;
    const answer = await this.#call('sign-in/verify', { method: proof.method, code: proof.code });
    if (this.#mustWait(answer) || this.#startsOver(answer, !first)) return;
    if (answer.json?.code === 'code-already-used') {
      assert.equal(first, false, this.#say(`a new ${method} code counts as used`));
      this.#settle('at most one');
      return;
    }
    assert.equal(answer.json?.status, 'done', this.#say(`the ${method} code: ${answer.text}`));
    this.#settle('one');
    this.#holdsSession = true;
    this.#uses = true;
    this.#enter('signed out');
  }

  async #replay(spent: Pick<Proof, 'method' | 'code'>): Promise<void> {
    const answer = await this.#call('sign-in/verify', spent);
    if (this.#mustWait(answer) || this.#startsOver(answer, false)) return;
    assert.notEqual(answer.status, 200, this.#say(`a used ${spent.method} code was accepted again`));
    assert.match(answer.json?.code, /^(code-already-used|wrong-code)$/, answer.text);
  }

  /** The session that they were told of works, whatever happened to the gateway since. */
  async #use(): Promise<void> {
    const page = await this.#sent(() => this.client.get('/desk/page'));
    assert.equal(page.status, 200, this.#say(`the session was lost: ${page.text}`));
    if (this.#random.chance(0.2)) await this.#openTunnel();
    this.#uses = false;
  }

  async #openTunnel(): Promise<void> {
    const tunnel = await this.#sent(() => this.client.open('/desk/ws')).catch((error: Lost) => {
      assert.doesNotMatch(
        String(error.cause),
        /Error: (?!503)\d{3}$/,
        this.#say('may not open a remote session'),
      );
      throw error;
    });
    tunnel.close();
  }

  #hasNewCode(): boolean {
    return this.#step() > this.#lastStep;
  }

  #step(): number {
    return Math.floor(this.#clock.now() / stepLength);
  }

  /** The proof whose fate is open, or a new one. */
  #take(method: Proof['method']): Proof {
    this.#proof ??= { method, code: this.#newCode(method), from: this.#clock.now(), tries: 0 };
    this.#proof.tries += 1;
    return this.#proof;
  }

  #newCode(method: Proof['method']): string {
    if (method === 'recovery') return this.#recovery.pop() ?? '';
    this.#lastStep = this.#step();
    return this.client.code();
  }

  /** The fate of the open proof is known. */
  #settle(sessions: Episode['sessions']): void {
    const proof = this.#proof;
    this.#proof = undefined;
    if (proof === undefined) return;
    if (proof.tries > 1) this.lost[sessions === 'at most one' ? 'accepted' : 'undone'] += 1;
    this.episodes.push({ from: proof.from, to: this.#clock.now(), sessions });
    if (this.enrolled === 'yes') this.#spent.push({ method: proof.method, code: proof.code });
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#stageSince = this.#clock.now();
  }

  #mustWait(answer: Answer): boolean {
    if (answer.status !== 429) return false;
    const seconds = Number(answer.headers['retry-after']);
    assert.ok(seconds >= 1 && seconds <= 3600, this.#say(`has to wait for ${seconds} s`));
    this.#waitsUntil = this.#clock.now() + seconds * 1000;
    return true;
  }

  /** The procedure is over: because the lost answer was its end, or ten minutes are. */
  #startsOver(answer: Answer, allowed: boolean): boolean {
    if (answer.json?.code !== 'sign-in-expired') return false;
    const old = this.#clock.now() - this.#stageSince >= pendingLifetime - 1000;
    assert.ok(allowed || old, this.#say('the sign-in was over before it had an answer'));
    this.#enter('signed out');
    return true;
  }

  #call(path: string, body: unknown): Promise<Answer> {
    return this.#sent(() => this.client.call('POST', path, body));
  }

  async #sent<Result>(send: () => Promise<Result>): Promise<Result> {
    const answer = await send().catch((cause: unknown) => {
      throw new Lost('no answer', { cause });
    });
    if (typeof answer === 'object' && answer !== null && 'status' in answer && answer.status === 503) {
      throw new Lost('no store');
    }
    return answer;
  }

  #say(what: string): string {
    return `${this.name} (enrolled: ${this.enrolled}): ${what}`;
  }
}
