import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ServerHealth } from '../../src/proxy/server-health.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('the health of a server', () => {
  let clock: ManualClock;
  let health: ServerHealth;
  let changes: string[];

  beforeEach(() => {
    clock = new ManualClock();
    changes = [];
    health = new ServerHealth(clock, (state, reason) => changes.push(reason ? `${state}: ${reason}` : state));
  });

  it('ejects after a failed connection for 1, 2, 4 … 60 seconds', () => {
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      health.failed('refused');
      clock.advance(seconds * 1000 - 1);
      assert.equal(health.up, false, `${seconds} s`);
      clock.advance(1);
      assert.equal(health.up, true, `${seconds} s`);
    }
    assert.deepEqual(changes, ['down: refused']);
  });

  it('counts failures that happen together once', () => {
    for (let times = 0; times < 10; times += 1) health.failed('refused');
    assert.equal(health.retryIn, 1_000);
  });

  it('believes a connection that stands', () => {
    health.failed('refused');
    health.connected();
    assert.equal(health.up, true);
    assert.deepEqual(changes, ['down: refused', 'up']);
    health.failed('again');
    assert.equal(health.retryIn, 1_000);
  });

  it('believes active checks only when two in a row agree', () => {
    health.checked(false, 'it answered 500');
    assert.equal(health.up, true);
    health.checked(false, 'it answered 500');
    assert.equal(health.up, false);
    assert.equal(health.state, 'down');
    health.checked(true);
    assert.equal(health.up, false);
    health.checked(true);
    assert.equal(health.up, true);
    assert.deepEqual(changes, ['down: it answered 500', 'up']);
  });

  it('is not talked up by a connection while its checks fail', () => {
    health.checked(false);
    health.checked(false);
    health.connected();
    clock.advance(3_600_000);
    assert.equal(health.up, false);
  });

  it('says that it is draining, and is up all the same', () => {
    health.setDraining(true);
    assert.equal(health.state, 'draining');
    assert.equal(health.up, true);
    health.setDraining(false);
    assert.deepEqual(changes, ['draining', 'up']);
  });
});
