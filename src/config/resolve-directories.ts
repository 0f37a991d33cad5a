import type { DirectoryConfig } from './config.ts';
import type { Path } from './config-error.ts';
import type { ParsedFile } from './schema.ts';

/** Fills in what a directory is called besides its name, and makes paths absolute. */
export function resolveDirectory(
  directory: ParsedFile['directories'][number],
  at: Path,
  absolute: (path: Path, value: string) => string,
): DirectoryConfig {
  if (directory.type === 'local') return { name: directory.name, type: 'local' };
  const { allowPlain: _, tls, passwordFile, aliases, ...rest } = directory;
  const { ca, ...others } = tls;
  return {
    ...rest,
    tls: { ...others, ...(ca === undefined ? {} : { ca: absolute([...at, 'tls', 'ca'], ca) }) },
    ...(passwordFile === undefined ? {} : { passwordFile: absolute([...at, 'passwordFile'], passwordFile) }),
    aliases: [...new Set([...aliases, ...namesIn(directory.baseDn)])],
  };
}

/** `DC=corp,DC=example` is called `corp.example`, and as a Windows domain usually `CORP`. */
function namesIn(baseDn: string): readonly string[] {
  const parts = [...baseDn.matchAll(/(?:^|,)\s*dc=([a-z0-9-]+)\s*(?=,|$)/gi)].map((match) => match[1] ?? '');
  const [first] = parts;
  return first === undefined ? [] : [parts.join('.'), first.toUpperCase()];
}
