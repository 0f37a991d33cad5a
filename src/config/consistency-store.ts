import type { Report } from './report.ts';
import type { Sections } from './sections.ts';

/** The ways to name a Redis server exclude one another, and some settings go with one of them only. */
export function checkStore({ store }: Sections, report: Report): void {
  const redis = store?.redis;
  if (redis === undefined) return;
  const at = ['store', 'redis'];
  const refuse = (key: string | undefined, mistake: string, remedy: string): void =>
    report(key === undefined ? at : [...at, key], { mistake, remedy });
  if (redis.url === undefined && redis.sentinels === undefined) {
    refuse(undefined, 'This names no server.', 'Add url, or sentinels and name.');
  }
  if (redis.url !== undefined && redis.sentinels !== undefined) {
    refuse('sentinels', 'url names a server already.', 'Take url out, or sentinels.');
  }
  if (redis.sentinels !== undefined && redis.name === undefined) {
    refuse('name', 'This is missing: sentinels may know several masters.', 'Add what they call the master.');
  }
  for (const key of ['name', 'sentinelUsername', 'sentinelPasswordFile'] as const) {
    if (redis[key] !== undefined && redis.sentinels === undefined) {
      refuse(key, 'This means nothing without sentinels.', 'Take it out, or add sentinels.');
    }
  }
  checkCredentials(redis, refuse);
  if (redis.tls !== undefined && redis.url?.startsWith('redis:')) {
    refuse(
      'tls',
      'url begins with redis://, which is without TLS.',
      'Begin url with rediss://, or take tls out.',
    );
  }
  if ((redis.tls?.cert === undefined) !== (redis.tls?.key === undefined)) {
    refuse('tls', 'Certificate and key go together.', 'Name both cert and key, or neither.');
  }
}

type Redis = NonNullable<NonNullable<Sections['store']>['redis']>;

function checkCredentials(
  redis: Redis,
  refuse: (key: string, mistake: string, remedy: string) => void,
): void {
  const { username, password } =
    redis.url === undefined ? { username: '', password: '' } : new URL(redis.url);
  if (username !== '' && redis.username !== undefined) {
    refuse('username', 'url names a user already.', 'Take it out of url, or here.');
  }
  const passwords = { url: password !== '', password: redis.password !== undefined };
  if (redis.passwordFile !== undefined && (passwords.url || passwords.password)) {
    refuse('passwordFile', 'There is a password already.', 'Keep one: passwordFile is best.');
  } else if (passwords.url && passwords.password) {
    refuse('password', 'url holds a password already.', 'Keep one, or better: name a file in passwordFile.');
  }
  const named = username !== '' || redis.username !== undefined;
  if (named && !passwords.url && !passwords.password && redis.passwordFile === undefined) {
    refuse('username', 'A user without a password cannot sign in.', 'Add passwordFile.');
  }
}
