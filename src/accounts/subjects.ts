import type { DirectoryUser } from './account.ts';
import type { AdministrationParts } from './administration-parts.ts';
import { everyone } from './enabled-list.ts';
import type { KnownUsers } from './known-users.ts';
import { directoryOf } from './user-key.ts';

/** Whom an entry of the list is about. */
export type Subject = {
  readonly subject: string;
  readonly kind: 'everyone' | 'user' | 'group';
  /** Of users their key, of groups `directory:name`; of everyone empty. */
  readonly id: string;
  readonly directory?: string;
  /** What they are called; empty for everyone. */
  readonly name: string;
  readonly displayName?: string;
  /** Of users: as their directory has them now, or as it had them when it was last heard of. */
  readonly user?: DirectoryUser;
  /** `gone`: their directory has them no more. `unknown`: it doesn't answer. Of groups nobody was asked. */
  readonly state: 'known' | 'gone' | 'unknown';
};

type SubjectParts = Pick<AdministrationParts, 'subscription' | 'findUser'> & {
  readonly known: Pick<KnownUsers, 'find'>;
};

/** So many directories' questions at once. */
const atOnce = 16;

/** Who these subjects are, in their order; their directories are asked. */
export async function subjectsOf(parts: SubjectParts, subjects: readonly string[]): Promise<Subject[]> {
  const found: Subject[] = [];
  for (let from = 0; from < subjects.length; from += atOnce) {
    const some = subjects.slice(from, from + atOnce);
    found.push(...(await Promise.all(some.map((subject) => subjectOf(parts, subject)))));
  }
  return found;
}

/** Who these subjects are without asking any directory but the local one: quick, and a little old perhaps. */
export async function knownSubjectsOf(
  parts: SubjectParts & Pick<AdministrationParts, 'users'>,
  subjects: readonly string[],
): Promise<Subject[]> {
  return Promise.all(
    subjects.map(async (subject): Promise<Subject> => {
      const plain = plainSubject(subject);
      if (plain.kind !== 'user') return plain;
      const local = await parts.users.find(plain.id);
      const user = local ?? (await parts.known.find(parts.subscription, plain.id))?.user;
      return user === undefined ? { ...plain, state: 'unknown' } : withUser(plain, user, 'known');
    }),
  );
}

async function subjectOf(parts: SubjectParts, subject: string): Promise<Subject> {
  const plain = plainSubject(subject);
  if (plain.kind !== 'user') return plain;
  const met = async () => (await parts.known.find(parts.subscription, plain.id))?.user;
  try {
    const user = await parts.findUser(plain.id);
    if (user !== undefined) return withUser(plain, user, 'known');
    const before = await met();
    return before === undefined ? { ...plain, state: 'gone' } : withUser(plain, before, 'gone');
  } catch {
    const before = await met();
    return before === undefined ? { ...plain, state: 'unknown' } : withUser(plain, before, 'unknown');
  }
}

const withUser = (plain: Subject, user: DirectoryUser, state: Subject['state']): Subject => ({
  ...plain,
  name: user.name,
  displayName: user.displayName,
  user,
  state,
});

function plainSubject(subject: string): Subject {
  if (subject === everyone) return { subject, kind: 'everyone', id: '', name: '', state: 'known' };
  const id = subject.slice(subject.indexOf(':') + 1);
  const directory = directoryOf(id);
  if (subject.startsWith('user:')) {
    return { subject, kind: 'user', id, directory, name: id, state: 'unknown' };
  }
  return { subject, kind: 'group', id, directory, name: id.slice(directory.length + 1), state: 'known' };
}
