import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { systemClock } from '../../src/clock.ts';
import { type Rooms, subscription } from '../../src/server/index.ts';
import { freePort } from '../support/free-port.ts';
import { RedisServer } from '../support/redis-server.ts';
import { SiteClient } from '../support/site-client.ts';
import { sharedStore } from './replicas.ts';
import { type Goal, table } from './report.ts';
import { type Sallyport, startSallyport } from './sallyport.ts';

/** So that no name is the beginning of another. */
const padded = (index: number): string => String(index).padStart(7, '0');
const password = 'correct horse battery staple';
const signers = 25;

export type ScaleOptions = {
  readonly upstream: number;
  readonly echo: number;
  readonly users: number;
  readonly sessions: number;
};

/** What is measured with few and with many, in milliseconds, medians. */
type Costs = ReadonlyMap<string, number>;

/** The same work with a thousand users and sessions in Redis, and with a million users and 100,000 sessions. */
export async function measureScale(options: ScaleOptions): Promise<{ goals: Goal[]; lines: string[] }> {
  const redis = await RedisServer.start();
  let gateway: Sallyport | undefined;
  try {
    const store = await sharedStore(redis);
    gateway = await startSallyport(await freePort(), options.upstream, options.echo, undefined, {
      config: { ...store, trustedNetworks: ['127.0.0.0/8'] },
    });
    const people = await signersOf(gateway);
    await fill(redis, gateway.rooms, { users: 1_000, sessions: 1_000 });
    // The first time of each warms up.
    await costs(gateway, people);
    const few = await costs(gateway, people);
    const began = performance.now();
    const { users, sessions } = options;
    await fill(redis, gateway.rooms, { users, sessions });
    const seconds = Math.round((performance.now() - began) / 1000);
    await costs(gateway, people);
    const many = await costs(gateway, people);
    const memory = /^used_memory_human:(.*)$/m
      .exec(String(await redis.command('INFO', 'memory')))?.[1]
      ?.trim();

    const goals: Goal[] = [];
    const rows: string[][] = [];
    for (const [what, before] of few) {
      const after = many.get(what) ?? Number.NaN;
      rows.push([what, before.toFixed(2), after.toFixed(2), `${(after / before).toFixed(2)} ×`]);
    }
    const worst = Math.max(...[...few].map(([what, before]) => (many.get(what) ?? Number.NaN) / before));
    goals.push({
      what: `${users.toLocaleString('en')} users and ${sessions.toLocaleString('en')} sessions in Redis against 1,000`,
      must: '≤ 1.2 × each',
      reached: `${worst.toFixed(2)} × at worst`,
      holds: worst <= 1.2,
    });
    const lines = [
      '## A million users',
      '',
      table(['median ms', '1,000 of each', `${users.toLocaleString('en')} users`, ''], rows),
      '',
      `Redis holds all of it in ${memory}; it was filled in ${seconds} s.`,
      '',
    ];
    return { goals, lines };
  } finally {
    await gateway?.stop();
    await redis.remove();
  }
}

/** People who sign in by a recovery code, so that nobody waits for the next code of an app. */
async function signersOf(gateway: Sallyport): Promise<{ name: string; codes: string[] }[]> {
  // Before there is an owner nobody else can sign in.
  const owner = clientOf(gateway);
  const { ticket } = await gateway.rooms.ownerSetup.issueOwnerTicket('system');
  await owner.call('POST', 'owner', { ticket, username: 'olivia', password });
  await owner.enrol();
  const people = [];
  for (let count = 0; count < signers; count += 1) {
    const name = `signer-${count}`;
    await gateway.rooms.local.create({ name, password }, 'bench');
    const client = clientOf(gateway);
    await client.call('POST', 'sign-in', { username: name, password });
    people.push({ name, codes: (await client.enrol()).json.recoveryCodes as string[] });
  }
  return people;
}

const clientOf = (gateway: Sallyport): SiteClient =>
  new SiteClient(gateway.port, systemClock, 'http', gateway.host);

async function costs(
  gateway: Sallyport,
  people: readonly { name: string; codes: string[] }[],
): Promise<Costs> {
  const { rooms } = gateway;
  const found = new Map<string, number>();
  const measure = async (
    what: string,
    times: number,
    task: (index: number) => Promise<unknown>,
  ): Promise<void> => {
    const each: number[] = [];
    for (let index = 0; index < times; index += 1) {
      const began = performance.now();
      await task(index);
      each.push(performance.now() - began);
    }
    each.sort((one, other) => one - other);
    found.set(what, each[each.length >> 1] ?? Number.NaN);
  };
  await measure('sign-in, password and recovery code', people.length, async (index) => {
    const person = people[index];
    const client = clientOf(gateway);
    await client.call('POST', 'sign-in', { username: person?.name, password });
    const done = await client.call('POST', 'sign-in/verify', {
      method: 'recovery',
      code: person?.codes.pop(),
    });
    if (done.json?.status !== 'done') throw new Error(done.text);
  });
  const sessions = await gateway.sessions(300);
  await measure('the gate, a session not seen before', sessions.length, async (index) => {
    const client = clientOf(gateway);
    const [name = '', value = ''] = sessions[index]?.cookie.split('=') ?? [];
    client.cookies.set(gateway.host, new Map([[name, value]]));
    const answer = await client.get('/');
    if (answer.status !== 200) throw new Error(answer.text);
  });
  const page = { limit: 50 };
  const holds = async (list: Promise<{ items: readonly unknown[] }>): Promise<void> => {
    if ((await list).items.length !== 50) throw new Error('not a whole page');
  };
  await measure('list users by the beginning of their name', 300, (index) =>
    holds(rooms.administration.users.list({ prefix: `user-${1 + (index % 9)}`, ...page })),
  );
  await measure('list users by one letter of a word', 300, () =>
    holds(rooms.administration.users.list({ term: 'u', ...page })),
  );
  await measure('list users by a name that one has', 300, (index) =>
    rooms.administration.users.list({ term: `surname${padded(index)}`, ...page }),
  );
  await measure('list all sessions, a page', 300, () =>
    holds(rooms.sessions.list({ prefix: `${subscription}/`, ...page })),
  );
  return found;
}

/** Copies one real user and one real session of the store as often as is wanted, in its own layout. */
async function fill(
  redis: RedisServer,
  rooms: Rooms,
  wanted: { users: number; sessions: number },
): Promise<void> {
  const plain = redis.connect();
  const prefix = 'sallyport:';
  const template = await templates(rooms);
  const packed = async (collection: string, key: string): Promise<string> => {
    const raw = await plain.get(`${prefix}d:${collection}:${key}`);
    if (raw === null) throw new Error(`no ${collection} ${key}`);
    return raw;
  };
  const user = await packed('users', `default/${template.user}`);
  const names = await plain.zrange(`${prefix}k:user-names`, '0', '-1');
  const nameKey = names.find((key) => key.endsWith('/template-person')) ?? '';
  const name = await packed('user-names', nameKey);
  const factors = await packed('factors', `default/${template.user}`);
  const sessionKey = `default/${template.user}/${template.session}`;
  const session = await packed('sessions', sessionKey);
  plain.disconnect();

  const pipe = new Pipe(redis.port);
  const count = Math.max(wanted.users, wanted.sessions);
  for (let first = 0; first < count; first += 1000) {
    const batch = new Batch(prefix);
    for (let index = first; index < Math.min(first + 1000, count); index += 1) {
      const key = `local:bench-${index.toString(36).padStart(16, '0')}`;
      const own = (raw: string): string =>
        raw
          .replaceAll(template.user, key)
          .replaceAll('template-person', `user-${index}`)
          .replaceAll('Template Person', `User Surname${padded(index)}`)
          .replaceAll('template', 'user')
          .replaceAll('person', `surname${padded(index)}`);
      if (index < wanted.users) {
        batch.add('users', `default/${key}`, own(user));
        batch.add('user-names', own(nameKey), own(name));
        batch.add('factors', `default/${key}`, own(factors));
      }
      if (index < wanted.sessions) {
        const id = `bench-${index.toString(36).padStart(16, '0')}`;
        batch.add('sessions', `default/${key}/${id}`, own(session).replaceAll(template.session, id));
      }
    }
    await pipe.send(batch.commands());
  }
  await pipe.end();
}

/** One user and one session as the program itself stores them. */
async function templates(rooms: Rooms): Promise<{ user: string; session: string }> {
  const known = await rooms.local.lookUp('template-person');
  const user =
    known ??
    (await rooms.local.create(
      { name: 'template-person', displayName: 'Template Person', password },
      'bench',
    ));
  if (known === undefined) {
    const [signer] = (await rooms.administration.users.list({ prefix: 'signer-0', limit: 1 })).items;
    const { factors } = await rooms.administration.factors.read(subscription, signer?.key ?? '');
    // Sealed for another user: nobody ever signs in with it.
    await rooms.administration.factors.save(subscription, user.key, factors, 'absent');
  }
  const { key, name, displayName, directory, groups } = user;
  const session = await rooms.sessions.grant({
    subscription,
    user: { key, name, displayName, directory, groups },
    amr: ['pwd', 'otp'],
    shared: false,
    address: '127.0.0.1',
    browser: 'bench',
  });
  return { user: key, session: session.id };
}

/** Documents as `src/storage/redis-keys.ts` lays them out, a thousand to a command instead of one script each. */
class Batch {
  readonly #prefix: string;
  readonly #documents: string[] = [];
  readonly #indexes = new Map<string, string[]>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  add(collection: string, key: string, packed: string): void {
    this.#documents.push(`${this.#prefix}d:${collection}:${key}`, packed);
    this.#index(`k:${collection}`, key);
    const [head = '', , terms = ''] = packed.split('\n');
    const expiry = head.split(' ')[1] ?? '-';
    if (expiry !== '-') this.#index('x', `d:${collection}:${key}`, expiry);
    for (const term of terms.split('\0').filter((each) => each !== '')) {
      this.#index(`t:${collection}`, `${term}\0${key}`);
      // Every term here is ASCII.
      for (const start of new Set([term.slice(0, 1), term.slice(0, 2)])) {
        this.#index(`b:${collection}:${start}`, key);
      }
    }
  }

  commands(): readonly (readonly string[])[] {
    const indexes = [...this.#indexes].map(([key, members]) => ['ZADD', key, ...members]);
    return [['MSET', ...this.#documents], ...indexes];
  }

  #index(name: string, member: string, score = '0'): void {
    const key = this.#prefix + name;
    const members = this.#indexes.get(key) ?? [];
    this.#indexes.set(key, members);
    members.push(score, member);
  }
}

/** Commands sent without waiting for each answer. */
class Pipe {
  readonly #socket: Socket;
  #answers = 0;
  #wanted = 0;
  #answered = (): void => {};

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    // Each answers with one line.
    this.#socket.on('data', (data) => {
      const text = data.toString('latin1');
      if (/^-/m.test(text)) throw new Error(text);
      this.#answers += text.split('\n').length - 1;
      this.#answered();
    });
  }

  async send(commands: readonly (readonly string[])[]): Promise<void> {
    const text = commands.map((command) => {
      const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      return `*${command.length}\r\n${words.join('')}`;
    });
    this.#wanted += commands.length;
    if (!this.#socket.write(text.join(''))) await once(this.#socket, 'drain');
  }

  async end(): Promise<void> {
    while (this.#answers < this.#wanted) {
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
      });
    }
    this.#socket.destroy();
  }
}
