import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { affine, seedOf } from '../../src/proxy/affinity.ts';

const server = (name: string, weight = 1) => ({ name, weight, seed: seedOf(name) });
const users = Array.from({ length: 20_000 }, (_, index) => seedOf(`local:user-${index}`));
const all = (): boolean => true;

describe('affinity', () => {
  it('gives a user the same server whatever the order of the list', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, fc.string(), (list, user) => {
        const servers = list.map((name) => server(name));
        const one = affine(servers, seedOf(user), all);
        const other = affine([...servers].reverse(), seedOf(user), all);
        assert.equal(one?.name, other?.name);
      }),
    );
  });

  it('moves only the users of a server that goes', () => {
    const servers = [server('a'), server('b'), server('c')];
    for (const user of users.slice(0, 2_000)) {
      const before = affine(servers, user, all);
      const after = affine(servers, user, (candidate) => candidate.name !== 'b');
      assert.notEqual(after?.name, 'b');
      if (before?.name !== 'b') assert.equal(after, before);
    }
  });

  it('shares users by weight', () => {
    const servers = [
      server('http://10.0.0.1:80', 1),
      server('http://10.0.0.2:80', 2),
      server('http://10.0.0.3:80', 5),
    ];
    const counts = new Map<string, number>();
    for (const user of users) {
      const name = affine(servers, user, all)?.name ?? '';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const { name, weight } of servers) {
      const share = (counts.get(name) ?? 0) / users.length;
      assert.ok(Math.abs(share - weight / 8) < 0.02, `${name} has ${share}`);
    }
  });

  it('chooses nobody when nobody may be chosen, and never weight 0', () => {
    assert.equal(
      affine([server('a')], 1, () => false),
      undefined,
    );
    assert.equal(affine([server('a', 0)], 1, all), undefined);
    assert.equal(affine([], 1, all), undefined);
  });
});
