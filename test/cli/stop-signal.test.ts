import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { createLog } from '../../src/audit/index.ts';
import { stopSignal } from '../../src/cli/stop-signal.ts';
import { ManualClock } from '../support/manual-clock.ts';

const log = createLog({ level: 'fatal' });

describe('the signal to stop', () => {
  it('counts once when it comes again within two seconds, and is the system’s again after that', async () => {
    for (const again of ['SIGINT', 'SIGTERM']) {
      const clock = new ManualClock();
      const signals = new EventEmitter();
      const stop = stopSignal({ log, clock, signals });
      signals.emit('SIGINT', 'SIGINT');
      await stop;
      clock.advance(1999);
      // `emit` says whether anybody listened: the system ends the process where nobody does.
      assert.equal(signals.emit(again, again), true);
      clock.advance(1);
      assert.equal(signals.emit(again, again), false);
    }
  });
});
