import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LiveConnections } from '../../src/access/gate-connections.ts';
import { RecordedConnection } from './gate-site.ts';

describe('the open connections of a session', () => {
  it('are what a set would hold, whatever comes and goes', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete'), fc.nat(7)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        const connections = Array.from({ length: 8 }, () => new RecordedConnection());
        const model = new Set<RecordedConnection>();
        const open = new LiveConnections();
        for (const [step, which] of list) {
          const connection = connections[which];
          assert.ok(connection);
          if (step === 'add') assert.equal(open.add(connection), !model.has(connection));
          else assert.equal(open.delete(connection), model.has(connection));
          if (step === 'add') model.add(connection);
          else model.delete(connection);
          assert.equal(open.size, model.size);
          assert.deepEqual(new Set(open), model);
        }
      }),
    );
  });
});
