import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics, describeEvents, describeMetrics, measureStore } from '../../src/audit/index.ts';
import { GatewayError } from '../../src/errors.ts';
import type { Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('the metrics', () => {
  it('count decisions of the gate by code', async () => {
    const metrics = createMetrics({ process: false });
    for (let index = 0; index < 3; index += 1) metrics.gateDecision('admitted');
    metrics.gateDecision('not-assigned');
    const text = await metrics.text();
    assert.match(text, /sallyport_gate_decisions_total\{decision="admitted"\} 3/);
    assert.match(text, /sallyport_gate_decisions_total\{decision="not-assigned"\} 1/);
    assert.match(await metrics.text(), /decision="admitted"\} 3/, 'a second scrape counts nothing twice');
  });

  it('follow tunnels, bytes, servers and sessions of each application', async () => {
    const metrics = createMetrics({ process: false });
    const desktops = metrics.application('desktops');
    assert.equal(metrics.application('desktops'), desktops);
    desktops.tunnelOpened();
    desktops.tunnelOpened();
    desktops.tunnelClosed(12);
    desktops.tunnelBytes(10, 20);
    desktops.requestBytes(1, 2);
    desktops.upstream('answered', 0.004);
    desktops.serverUp('http://10.0.0.1', true);
    desktops.serverUp('http://10.0.0.2', true);
    desktops.serverUp('http://10.0.0.2', undefined);
    metrics.watchSessions(() => ({ granted: 2, active: 5, expired: 0 }));
    metrics.storeState('deaf');
    const text = await metrics.text();
    for (const line of [
      'sallyport_tunnels{application="desktops"} 1',
      'sallyport_tunnels_opened_total{application="desktops"} 2',
      'sallyport_bytes_total{application="desktops",kind="tunnel",direction="out"} 20',
      'sallyport_bytes_total{application="desktops",kind="request",direction="in"} 1',
      'sallyport_server_up{application="desktops",server="http://10.0.0.1"} 1',
      'sallyport_sessions{state="active"} 5',
      'sallyport_store_state{state="deaf"} 1',
      'sallyport_store_state{state="up"} 0',
      'sallyport_tunnel_seconds_count{application="desktops"} 1',
      'sallyport_tunnel_seconds_bucket{le="10",application="desktops"} 0',
      'sallyport_tunnel_seconds_bucket{le="60",application="desktops"} 1',
      'sallyport_tunnel_seconds_bucket{le="+Inf",application="desktops"} 1',
      'sallyport_upstream_seconds_bucket{le="0.001",application="desktops",result="answered"} 0',
      'sallyport_upstream_seconds_bucket{le="0.005",application="desktops",result="answered"} 1',
      'sallyport_upstream_seconds_sum{application="desktops",result="answered"} 0.004',
    ]) {
      assert.ok(text.includes(`${line}\n`), `${line} is missing in\n${text}`);
    }
    assert.ok(!text.includes('10.0.0.2'));
  });

  it('of two programs are apart, and those of the process are included on demand', async () => {
    const one = createMetrics();
    const two = createMetrics({ process: false });
    one.gateDecision('admitted');
    assert.match(await one.text(), /process_cpu_seconds_total/);
    assert.doesNotMatch(await two.text(), /process_cpu_seconds_total|decision="admitted"\} 1/);
    assert.match(two.contentType, /^text\/plain; version=0\.0\.4/);
  });

  it('time each call of the store, and take a lost compare-and-set for no failure', async () => {
    const clock = new ManualClock();
    const metrics = createMetrics({ process: false });
    const answers = {
      get: async () => {
        clock.advance(20);
        return undefined;
      },
      put: () => Promise.reject(new GatewayError('conflict')),
      delete: () => Promise.reject(new GatewayError('store-unavailable')),
    };
    const store = measureStore(answers as unknown as Store, metrics, clock);
    await store.get('users', 'a');
    await assert.rejects(store.put('users', 'a', {}), { code: 'conflict' });
    await assert.rejects(store.delete('users', 'a'), { code: 'store-unavailable' });
    const text = await metrics.text();
    assert.match(text, /sallyport_store_seconds_sum\{operation="get",result="done"\} 0\.02/);
    assert.match(text, /sallyport_store_seconds_count\{operation="put",result="done"\} 1/);
    assert.match(text, /sallyport_store_seconds_count\{operation="delete",result="failed"\} 1/);
  });
});

describe('the reference documentation', () => {
  it('has a line for each metric and each event', () => {
    assert.match(describeMetrics(), /\| `sallyport_gate_decisions_total` \| counter \| `decision` \| \w/);
    assert.match(describeEvents(), /\| `sign-in\.factor` \| \w/);
    for (const table of [describeMetrics(), describeEvents()]) {
      const rows = table.trim().split('\n');
      const columns = rows[0]?.split('|').length;
      for (const row of rows) assert.equal(row.split('|').length, columns, row);
    }
  });
});
