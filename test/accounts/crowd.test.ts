import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { subscription } from '../../src/server/index.ts';
import { addCrowd, passer } from '../support/crowd.ts';
import { startSite } from '../support/site.ts';

describe('a crowd for tests of scale', () => {
  it('is stored as the local directory stores its users, so that it is found and listed like them', async () => {
    const site = await startSite();
    try {
      const { rooms } = site.gateway;
      const { users } = rooms.administration;
      const created = await users.create({ ...passer(1_000), name: 'made.by.the.room' });
      const [first = ''] = await addCrowd(rooms, { users: 30, listed: 2, enrolled: 1 });
      const { key: _, name: __, createdAt: ___, ...likeRoom } = created;
      const found = await users.lookUp(passer(0).name);
      const { key, name, createdAt, ...likeCrowd } = found ?? created;
      assert.deepEqual([key, name], [first, passer(0).name]);
      assert.ok(createdAt !== undefined);
      assert.deepEqual(Object.keys(likeCrowd).sort(), Object.keys(likeRoom).sort());

      const listOf = async (query: object): Promise<string[]> =>
        (await users.list({ limit: 100, ...query })).items.map((user) => user.key);
      assert.equal((await listOf({})).length, 32, 'with the owner');
      assert.deepEqual(await listOf({ prefix: passer(0).name }), [first]);
      assert.deepEqual(await listOf({ term: 'alic' }), [first]);
      assert.deepEqual(await listOf({ term: passer(0).email }), [first]);
      assert.equal((await rooms.administration.factors.read(subscription, first)).factors.apps.length, 1);

      const stored = (at: string) =>
        rooms.store.get<Record<string, string>>('users', `${subscription}/${at}`);
      const fields = async (at: string) => Object.keys((await stored(at))?.value ?? {}).sort();
      assert.deepEqual(await fields(first), await fields(created.key));
    } finally {
      await site.stop();
    }
  });
});
