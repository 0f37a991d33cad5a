import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { OwnAnswers } from '../../src/server/own-answers.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('answers that are still on their way', () => {
  let clock: ManualClock;
  let answers: OwnAnswers;
  let server: Server;
  let open: ServerResponse[];
  beforeEach(async () => {
    clock = new ManualClock();
    answers = new OwnAnswers(clock);
    open = [];
    server = createServer((request, response) => {
      answers.add(request, response);
      open.push(response);
      if (open.length === 2) server.emit('both');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const twoAtOnce = async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    const both = once(server, 'both');
    socket.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
    await both;
    return socket;
  };
  const isOver = async (finished: Promise<void>): Promise<boolean> => {
    const pending = Symbol('pending');
    return (await Promise.race([finished, Promise.resolve(pending)])) !== pending;
  };

  it('are waited for until the last one is out', async () => {
    const socket = await twoAtOnce();
    const finished = answers.finished(60_000);
    open[0]?.end('one');
    await once(open[0] as ServerResponse, 'close');
    assert.equal(await isOver(finished), false);
    open[1]?.end('two');
    await finished;
    socket.destroy();
  });

  it('are given up when time is up', async () => {
    const socket = await twoAtOnce();
    const finished = answers.finished(60_000);
    clock.advance(59_999);
    assert.equal(await isOver(finished), false);
    clock.advance(1);
    await finished;
    socket.destroy();
  });

  it('count no more once their connection is gone, the queued ones included', async () => {
    const socket = await twoAtOnce();
    const finished = answers.finished(60_000);
    socket.destroy();
    await finished;
  });

  it('are not waited for when there are none, or no time', async () => {
    await answers.finished(60_000);
    const socket = await twoAtOnce();
    await answers.finished(0);
    socket.destroy();
  });
});
