import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ProblemCode } from '../errors.ts';
import { Tally } from './tally.ts';
import { Timings } from './timings.ts';

/** How an exchange with an application server went until its first answer. */
export type UpstreamResult = 'answered' | 'refused' | 'timeout' | 'aborted' | 'invalid';

export type SessionCounts = { readonly granted: number; readonly active: number; readonly expired: number };

export type MetricDescription = {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
};

/** What is counted of one application; ask `Metrics.application` once and keep it. */
export interface ApplicationMetrics {
  tunnelOpened(): void;
  /** Seconds it was open. */
  tunnelClosed(seconds: number): void;
  /** Bytes carried by requests: `received` from clients, `sent` to them. */
  requestBytes(received: number, sent: number): void;
  /** Bytes carried by tunnels: `received` from clients, `sent` to them. */
  tunnelBytes(received: number, sent: number): void;
  /** One exchange with an application server. Seconds until its first answer. */
  upstream(result: UpstreamResult, seconds: number): void;
  /** Whether an application server is believed to be up; undefined when it left the configuration. */
  serverUp(server: string, up: boolean | undefined): void;
}

/** What the program counts. Each call is a few additions, safe on the hot path, and never throws. */
export interface Metrics {
  signIn(result: 'accepted' | 'refused' | 'locked' | 'done'): void;
  factor(method: string, verdict: string): void;
  /** A message to a user: `sent`, `failed` at the provider, or `refused` by our own rules. */
  message(channel: 'sms' | 'email', purpose: string, result: 'sent' | 'failed' | 'refused'): void;
  /** What the gate said: `admitted`, or the code of its refusal. */
  gateDecision(decision: 'admitted' | ProblemCode): void;
  /** A 2FA session entered this state. */
  sessionEntered(state: 'granted' | 'active' | 'expired' | 'revoked'): void;
  /** `read` is asked at each scrape for the sessions that this process remembers. */
  watchSessions(read: () => SessionCounts): void;
  application(name: string): ApplicationMetrics;
  /** One call of the store. Seconds. */
  store(operation: string, seconds: number, failed: boolean): void;
  storeState(state: 'up' | 'deaf' | 'lost'): void;
  auditStored(): void;
  auditDropped(): void;
  auditWaiting(entries: number): void;
  /** Seconds that the machine's clock is ahead of the reference. */
  clockOffset(seconds: number): void;
  /** When a certificate of the gateway ends, Unix seconds; undefined when it is no longer shown. */
  certificateExpires(file: string, at: number | undefined): void;
  /** Whether what is in the file now could be used. */
  certificateRenewal(file: string, usable: boolean): void;
  /** The exposition for Prometheus, text format 0.0.4. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Every metric of the program's own, for its documentation. */
  describe(): readonly MetricDescription[];
}

/** Makes the metrics with a registry of their own. `process: false` leaves out those of Node.js itself. */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  const descriptions: MetricDescription[] = [];

  const tally = (type: 'counter' | 'gauge', name: string, help: string, labels: readonly string[] = []) => {
    descriptions.push({ name, type, help, labels });
    return new Tally({ registry, type, name, help, labels });
  };
  const histogram = (name: string, help: string, labels: readonly string[], buckets: number[]) => {
    descriptions.push({ name, type: 'histogram', help, labels });
    return new Timings({ registry, name, help, labels, buckets });
  };

  const signIns = tally(
    'counter',
    'sallyport_sign_ins_total',
    'Password steps by result, and completed sign-ins (`done`).',
    ['result'],
  );
  const factors = tally('counter', 'sallyport_factors_total', 'Second factors tried.', ['method', 'verdict']);
  const messages = tally(
    'counter',
    'sallyport_messages_total',
    'Messages to users: `sent`, `failed` at the provider, or `refused` by our own rules.',
    ['channel', 'purpose', 'result'],
  );
  const decisions = tally(
    'counter',
    'sallyport_gate_decisions_total',
    'Decisions of the gate: `admitted`, or the code of the refusal.',
    ['decision'],
  );
  const entered = tally(
    'counter',
    'sallyport_session_states_total',
    '2FA sessions that entered each state.',
    ['state'],
  );
  const sessions = tally('gauge', 'sallyport_sessions', '2FA sessions that this process remembers.', [
    'state',
  ]);
  const tunnels = tally('gauge', 'sallyport_tunnels', 'Tunnels open now.', ['application']);
  const opened = tally('counter', 'sallyport_tunnels_opened_total', 'Tunnels opened.', ['application']);
  const carried = tally(
    'counter',
    'sallyport_bytes_total',
    'Bytes carried: `in` from clients, `out` to clients, by requests and by tunnels.',
    ['application', 'kind', 'direction'],
  );
  const servers = tally(
    'gauge',
    'sallyport_server_up',
    '1 while the application server is believed to be up.',
    ['application', 'server'],
  );
  const storeState = tally('gauge', 'sallyport_store_state', '1 for the state the store is in.', ['state']);
  const stored = tally('counter', 'sallyport_audit_entries_total', 'Audit entries written to the store.');
  const dropped = tally(
    'counter',
    'sallyport_audit_dropped_total',
    'Audit entries that never reached the store; the log has them.',
  );
  const waiting = tally('gauge', 'sallyport_audit_waiting', 'Audit entries waiting for the store.');
  const offset = tally(
    'gauge',
    'sallyport_clock_offset_seconds',
    "Seconds that this machine's clock is ahead of the reference.",
  );
  const certificateEnds = tally(
    'gauge',
    'sallyport_certificate_expires_seconds',
    'When the certificate that is shown ends, in seconds since 1970.',
    ['certificate'],
  );
  const certificateBroken = tally(
    'gauge',
    'sallyport_certificate_unusable',
    '1 while the file of a certificate changed to something that cannot be used, and the one before stays.',
    ['certificate'],
  );
  const tunnelSeconds = histogram(
    'sallyport_tunnel_seconds',
    'How long tunnels were open.',
    ['application'],
    [1, 10, 60, 300, 900, 3_600, 14_400, 43_200],
  );
  const upstreamSeconds = histogram(
    'sallyport_upstream_seconds',
    'Time until an application server answered.',
    ['application', 'result'],
    [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  );
  const storeSeconds = histogram(
    'sallyport_store_seconds',
    'Time that the store took.',
    ['operation', 'result'],
    [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.25, 1, 5],
  );
  if (options.process ?? true) collectDefaultMetrics({ register: registry });

  const applications = new Map<string, ApplicationMetrics>();
  const admitted = decisions.cell('admitted');
  const storedCell = stored.cell();
  const droppedCell = dropped.cell();
  const waitingCell = waiting.cell();
  let readSessions: (() => SessionCounts) | undefined;

  function measure(application: string): ApplicationMetrics {
    const openNow = tunnels.cell(application);
    const openedEver = opened.cell(application);
    const requestIn = carried.cell(application, 'request', 'in');
    const requestOut = carried.cell(application, 'request', 'out');
    const tunnelIn = carried.cell(application, 'tunnel', 'in');
    const tunnelOut = carried.cell(application, 'tunnel', 'out');
    const answered = upstreamSeconds.cell(application, 'answered');
    return {
      tunnelOpened() {
        openNow.value += 1;
        openedEver.value += 1;
      },
      tunnelClosed(seconds) {
        openNow.value -= 1;
        tunnelSeconds.cell(application).observe(seconds);
      },
      requestBytes(received, sent) {
        requestIn.value += received;
        requestOut.value += sent;
      },
      tunnelBytes(received, sent) {
        tunnelIn.value += received;
        tunnelOut.value += sent;
      },
      upstream(result, seconds) {
        const cell = result === 'answered' ? answered : upstreamSeconds.cell(application, result);
        cell.observe(seconds);
      },
      serverUp(server, up) {
        if (up === undefined) servers.forget(application, server);
        else servers.cell(application, server).value = up ? 1 : 0;
      },
    };
  }

  function enterStoreState(state: 'up' | 'deaf' | 'lost'): void {
    for (const each of ['up', 'deaf', 'lost']) storeState.cell(each).value = each === state ? 1 : 0;
  }
  enterStoreState('up');

  return {
    signIn(result) {
      signIns.cell(result).value += 1;
    },
    factor(method, verdict) {
      factors.cell(method, verdict).value += 1;
    },
    message(channel, purpose, result) {
      messages.cell(channel, purpose, result).value += 1;
    },
    gateDecision(decision) {
      const cell = decision === 'admitted' ? admitted : decisions.cell(decision);
      cell.value += 1;
    },
    sessionEntered(state) {
      entered.cell(state).value += 1;
    },
    watchSessions(read) {
      readSessions = read;
    },
    application(name) {
      let measured = applications.get(name);
      if (measured === undefined) {
        measured = measure(name);
        applications.set(name, measured);
      }
      return measured;
    },
    store(operation, seconds, failed) {
      storeSeconds.cell(operation, failed ? 'failed' : 'done').observe(seconds);
    },
    storeState: enterStoreState,
    auditStored() {
      storedCell.value += 1;
    },
    auditDropped() {
      droppedCell.value += 1;
    },
    auditWaiting(entries) {
      waitingCell.value = entries;
    },
    clockOffset(seconds) {
      offset.cell().value = seconds;
    },
    certificateExpires(file, at) {
      if (at !== undefined) {
        certificateEnds.cell(file).value = at;
        return;
      }
      certificateEnds.forget(file);
      certificateBroken.forget(file);
    },
    certificateRenewal(file, usable) {
      certificateBroken.cell(file).value = usable ? 0 : 1;
    },
    async text() {
      if (readSessions !== undefined) {
        for (const [state, count] of Object.entries(readSessions())) sessions.cell(state).value = count;
      }
      return registry.metrics();
    },
    contentType: registry.contentType,
    describe: () => descriptions,
  };
}
