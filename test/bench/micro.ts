import type { IncomingMessage } from 'node:http';
import { cookieNames, GateKeeper } from '../../src/access/index.ts';
import { systemClock } from '../../src/clock.ts';
import { matchingSteps, totpKey } from '../../src/second-factors/totp.ts';
import type { Sallyport } from './sallyport.ts';

/** Microseconds for the gate to admit a request of a session that it knows. */
export async function admitKnown(sallyport: Sallyport): Promise<number> {
  const { rooms, host } = sallyport;
  const [session] = await sallyport.sessions(1);
  const application = { name: 'app' };
  const gate = new GateKeeper({
    store: rooms.store,
    sessions: rooms.sessions,
    tokens: rooms.tokens,
    settings: rooms.settings,
    clock: systemClock,
    audit: rooms.audit,
    metrics: rooms.metrics,
    questions: rooms.questions,
    sessionCookie: cookieNames(false).session,
    originOf: () => `http://${host}`,
    findApplication: () => application,
  });
  gate.start();
  const rawHeaders = [
    ...['Host', host, 'User-Agent', 'Mozilla/5.0 (X11; Linux x86_64)', 'Accept', 'text/html,*/*;q=0.8'],
    ...[
      'Accept-Language',
      'en',
      'Accept-Encoding',
      'gzip',
      'Cookie',
      `theme=dark; ${session?.cookie}; lang=en`,
    ],
  ];
  const request = { rawHeaders, method: 'GET', url: '/', headers: {} } as unknown as IncomingMessage;
  const first = await gate.admit(request, application, 'request');
  if (first.kind !== 'session') throw new Error(`the gate refused: ${first.code}`);
  const rounds = 200_000;
  for (let warm = 0; warm < rounds; warm += 1) gate.admit(request, application, 'request');
  const began = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) gate.admit(request, application, 'request');
  const { user, system } = process.cpuUsage(began);
  gate.close();
  return (user + system) / rounds;
}

/** Milliseconds of processor time for a wrong code at the widest discrepancy. */
export function wrongCode(): number {
  const key = totpKey(Buffer.alloc(20, 7));
  const center = 58_000_000;
  const rounds = 50;
  for (let warm = 0; warm < rounds; warm += 1)
    matchingSteps(key, '000000', { center, discrepancy: 480, digits: 6 });
  const began = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) {
    matchingSteps(key, '000000', { center: center + round, discrepancy: 480, digits: 6 });
  }
  const { user, system } = process.cpuUsage(began);
  return (user + system) / rounds / 1000;
}
