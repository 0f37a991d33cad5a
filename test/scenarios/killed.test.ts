import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspectStore } from '../../src/storage/index.ts';
import { DoomedSite } from './doomed-site.ts';
import { SteadfastCrowd } from './steadfast-crowd.ts';

const seed = Number(process.env.SEED ?? 2026);
/** On each of two stores, every one in the middle of somebody's request or at its answer. */
const kills = 101;

describe(`a gateway that is killed in the middle of enrolments and code checks (SEED=${seed})`, {
  concurrency: true,
}, () => {
  for (const [index, name] of ['one store', 'another store'].entries()) {
    it(`loses nothing that it acknowledged, and accepts nothing twice, on ${name}`, async (t) => {
      const site = await DoomedSite.open(t);
      const crowd = new SteadfastCrowd(seed + index);
      await site.rooms((rooms) => crowd.settle(rooms, kills / 4, site));
      let met = 0;
      let lives = 0;
      for (; met < kills; lives += 1) {
        await site.start();
        if (await crowd.disturb(() => site.kill())) met += 1;
        assert.ok(lives < 2 * kills, `only ${met} of ${lives} kills met anybody at work`);
        // Time for the next code, so that a code of before is an old one.
        await site.pass(31_000 + crowd.random.below(20_000));
      }

      await site.start();
      await crowd.comeBack((milliseconds) => site.pass(milliseconds));
      await site.kill();
      await site.rooms(async (rooms) => {
        await crowd.countSessions(rooms);
        assert.deepEqual(inspectStore(site.storePath, rooms.sealer, 'here').problems, []);
      });
      const { lost } = crowd;
      t.diagnostic(`${met} of ${lives} kills; of the proofs without an answer ${JSON.stringify(lost)}`);
      assert.ok(lost.accepted > 0 && lost.undone > 0, 'the kills were all too early, or all too late');
    });
  }
});
