import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { DirectorySet } from './directory-set.ts';

/** Milliseconds. People who sign in find out sooner, but nobody hears of that. */
const interval = 60_000;
/** A name that nobody has: whoever looks for it learns whether the directory answers. */
const nobody = 'sallyport-watch';

/**
 * Asks every LDAP directory once a minute whether it is there, and records when that changes. One that was never there
 * is down. Returns how to stop.
 */
export function watchDirectoryHealth(
  directories: Pick<DirectorySet, 'ldap'>,
  { audit }: { readonly audit: Pick<Audit, 'record'> },
  clock: Clock,
): () => void {
  const down = new Set<string>();
  let asking = false;
  const timer = clock.every(interval, () => {
    if (asking) return;
    asking = true;
    void Promise.all(directories.ldap.map(look)).then(() => {
      asking = false;
    });
  });
  return () => timer.cancel();

  async function look(each: {
    readonly directory: string;
    lookUp(name: string): Promise<unknown>;
  }): Promise<void> {
    const { directory } = each;
    try {
      await each.lookUp(nobody);
      if (down.delete(directory)) audit.record({ type: 'directory.health', directory, state: 'up' });
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'directory-unavailable' || down.has(directory))
        return;
      down.add(directory);
      audit.record({ type: 'directory.health', directory, state: 'down' });
    }
  }
}
