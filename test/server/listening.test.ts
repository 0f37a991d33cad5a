import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { listen } from '../../src/server/listening.ts';

describe('a listener', () => {
  it('that fails while it runs is told in the log, and the process goes on', async () => {
    const logged: unknown[] = [];
    const server = createServer();
    await listen(server, { host: '127.0.0.1', port: 0 }, { error: (fields) => logged.push(fields) });
    const errors = [new Error('accept ENOBUFS'), new Error('accept ENOBUFS')];
    for (const error of errors) server.emit('error', error);
    server.close();
    assert.deepEqual(
      logged,
      errors.map((error) => ({ error, address: '127.0.0.1:0' })),
    );
  });
});
