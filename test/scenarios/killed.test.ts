import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Rooms, subscription } from '../../src/server/index.ts';
import { inspectStore } from '../../src/storage/index.ts';
import { DoomedSite } from './doomed-site.ts';
import type { SteadfastPerson } from './steadfast-person.ts';

const seed = Number(process.env.SEED ?? 2026);
/** On each of two stores, every one in the middle of somebody's request. */
const kills = 101;

describe(`a gateway that is killed in the middle of enrolments and code checks (SEED=${seed})`, {
  concurrency: true,
}, () => {
  for (const [index, name] of ['one store', 'another store'].entries()) {
    it(`loses nothing that it acknowledged, and accepts nothing twice, on ${name}`, async (t) => {
      const site = await DoomedSite.open(seed + index, kills / 4);
      t.after(() => site.close());
      let inTheMiddle = 0;
      let lives = 0;
      for (; inTheMiddle < kills; lives += 1) {
        if ((await site.live()) > 0) inTheMiddle += 1;
        assert.ok(lives < 2 * kills, `only ${inTheMiddle} of ${lives} kills met a request`);
      }

      await site.start();
      for (const person of site.people) await person.comeBack((milliseconds) => site.pass(milliseconds));
      await site.kill();
      await site.rooms(async (rooms) => {
        await countSessions(rooms, site.people);
        assert.deepEqual(inspectStore(site.storePath, rooms.sealer, 'here').problems, []);
      });

      const lost = { accepted: 0, undone: 0 };
      for (const person of site.people) {
        lost.accepted += person.lost.accepted;
        lost.undone += person.lost.undone;
      }
      t.diagnostic(
        `${inTheMiddle} of ${lives} kills; of the proofs without an answer ${JSON.stringify(lost)}`,
      );
      assert.ok(lost.accepted > 0 && lost.undone > 0, 'the kills were all too early, or all too late');
    });
  }
});

/** Every session comes from a proof, no proof has two, and one that was acknowledged has one. */
async function countSessions({ local, sessions }: Rooms, people: readonly SteadfastPerson[]): Promise<void> {
  for (const person of people) {
    const user = await local.lookUp(person.name);
    const granted = (await sessions.listOf({ subscription, user: user?.key ?? '' })).map(
      ({ verifiedAt }) => verifiedAt,
    );
    for (const { from, to, sessions: expected } of person.episodes) {
      const within = granted.filter((at) => at >= from && at <= to).length;
      const right = { one: within === 1, 'at most one': within <= 1, none: within === 0 }[expected];
      assert.ok(right, `${person.name} has ${within} sessions from a proof that is good for ${expected}`);
    }
    const strays = granted.filter((at) => !person.episodes.some(({ from, to }) => at >= from && at <= to));
    assert.deepEqual(strays, [], `${person.name} has sessions that no proof has earned`);
  }
}
