import type { Rooms } from './rooms.ts';

/** Whom an actor of the audit log stands for; of who is gone nothing is known. */
export const nameOfActor =
  ({ directories, apiTokens }: Pick<Rooms, 'directories' | 'apiTokens'>) =>
  async (actor: string): Promise<string | undefined> => {
    if (actor.startsWith('token:')) return (await apiTokens.find(actor.slice('token:'.length)))?.name;
    if (!actor.includes(':')) return undefined;
    const user = await directories.find(actor).catch(() => undefined);
    return user?.name;
  };

/**
 * The key that a person means by a key or by a name to sign in with; a key that nobody has any more is itself, for what
 * is still said of it. Undefined: nobody's name. Rejects when a directory cannot be asked.
 */
export async function keyOfUser(
  { directories }: Pick<Rooms, 'directories'>,
  text: string,
): Promise<string | undefined> {
  const known = await directories.find(text).catch(() => undefined);
  return (known ?? (await directories.lookUp(text)))?.key ?? (text.includes(':') ? text : undefined);
}
