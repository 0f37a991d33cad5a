/**
 * A process to be killed or to run beside others: a whole gateway whose clock its parent sets. It loads the program,
 * says so, and starts when it is told to, so that a parent can have the next one ready before it ends the last.
 */
import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import type { Clock } from '../../src/clock.ts';
import type { Gateway } from '../../src/server/index.ts';
import type { FromGateway, ToGateway } from './gateway-process.ts';

const root = resolve(import.meta.dirname, '../..');
enableCompileCache(join(root, 'node_modules/.cache/sallyport'));

const { systemClock } = await import('../../src/clock.ts');
const { createLog } = await import('../../src/audit/index.ts');
const { loadConfig } = await import('../../src/config/index.ts');
const { startGateway } = await import('../../src/server/index.ts');

let offset = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
const tell = (message: FromGateway): void => void process.send?.(message);

let running: Gateway | undefined;
process.on('message', async (message: ToGateway) => {
  if ('stop' in message) {
    await running?.close(message.stop.grace, message.stop.drain);
    process.exit(0);
  }
  offset = message.offset;
  if (message.config === undefined) {
    tell({ offset });
    return;
  }
  const config = loadConfig({ file: message.config, environment: {} });
  const log = createLog({ level: 'silent' });
  running = await startGateway({ config, version: 'test', clock, log });
  tell({ started: true, ownerLink: running.ownerLink });
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
tell({ loaded: true });
