import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { seedOf } from '../../src/proxy/affinity.ts';
import { ServerPool } from '../../src/proxy/server-pool.ts';
import { TurnEnd } from '../../src/proxy/turn-end.ts';
import { UpstreamServer } from '../../src/proxy/upstream-server.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('a pool of servers', () => {
  const clock = new ManualClock();
  let servers: UpstreamServer[];
  let pool: ServerPool;

  const pick = (user: string, need: 'request' | 'session', avoid?: Set<UpstreamServer>) =>
    pool.pick(user, seedOf(user), need, avoid);
  const other = (server: UpstreamServer | undefined): UpstreamServer => {
    const found = servers.find((candidate) => candidate !== server);
    assert.ok(found);
    return found;
  };

  beforeEach(() => {
    servers = ['http://127.0.0.1:1', 'http://127.0.0.1:2'].map(
      (url) =>
        new UpstreamServer(
          { url },
          { clock, connectTimeout: 1_000, memory: Buffer.alloc(1), turn: new TurnEnd(), changed: () => {} },
        ),
    );
    pool = new ServerPool(servers);
  });

  afterEach(() => {
    for (const server of servers) server.destroy();
  });

  it('keeps a user where their newest remote session is', () => {
    const usual = pick('anna', 'request');
    pool.pin('anna', other(usual));
    assert.equal(pick('anna', 'request'), other(usual));
    pool.pin('anna', usual ?? other(undefined));
    assert.equal(pick('anna', 'request'), usual);
    pool.unpin('anna', usual ?? other(undefined));
    assert.equal(pick('anna', 'request'), other(usual));
    pool.unpin('anna', other(usual));
    assert.equal(pick('anna', 'request'), usual);
  });

  it('gives a draining server no new session, but the requests of those who are there', () => {
    const usual = pick('anna', 'session');
    assert.ok(usual);
    pool.pin('anna', usual);
    usual.health.setDraining(true);
    assert.equal(pick('anna', 'request'), usual);
    assert.equal(pick('anna', 'session'), other(usual));
    pool.unpin('anna', usual);
    assert.equal(pick('anna', 'request'), other(usual));
  });

  it('leaves a server that is down, even for those who are there', () => {
    const usual = pick('anna', 'session');
    assert.ok(usual);
    pool.pin('anna', usual);
    usual.health.failed('refused');
    assert.equal(pick('anna', 'request'), other(usual));
  });

  it('has nobody when all are down, and says when to try again', () => {
    for (const server of servers) server.health.failed('refused');
    assert.equal(pick('anna', 'request'), undefined);
    assert.equal(pool.retryAfter, 1);
    clock.advance(1_000);
    assert.ok(pick('anna', 'request'));
  });

  it('avoids what was tried already', () => {
    const usual = pick('anna', 'request');
    assert.ok(usual);
    assert.equal(pick('anna', 'request', new Set([usual])), other(usual));
    assert.equal(pick('anna', 'request', new Set(servers)), undefined);
  });

  it('takes over after a reload who is where', () => {
    const usual = pick('anna', 'request');
    pool.pin('anna', other(usual));
    const next = new ServerPool(servers);
    next.adopt(pool);
    assert.equal(next.pick('anna', seedOf('anna'), 'request'), other(usual));
    const without = new ServerPool(servers.filter((server) => server === usual));
    without.adopt(pool);
    assert.equal(without.pick('anna', seedOf('anna'), 'request'), usual);
  });
});
