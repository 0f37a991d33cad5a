import { z } from 'zod';
import { requireMayActOn } from '../access/index.ts';
import { type DirectoryConfig, storedDirectory } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import type { OpenDirectory, StoredDirectories, StoredDirectoryView } from '../settings/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { type Caller, type Grant, roleAt } from './authorise.ts';
import { judgedBy } from './judged-by.ts';

export type DirectoryFinding = z.infer<typeof finding>;

export type DirectoriesParts = {
  readonly storedDirectories: Pick<
    StoredDirectories,
    'all' | 'find' | 'judge' | 'inForce' | 'add' | 'replace' | 'remove'
  >;
  /** Those of the configuration file. */
  fileDirectories(): readonly DirectoryConfig[];
  /** How the servers of a directory in force are, as this replica sees them. */
  statesOf(directory: string): readonly { readonly url: string; readonly up: boolean }[];
  /** Tries everything that sign-ins need of one; of an LDAP directory. Never rejects. */
  testDirectory(directory: OpenDirectory): Promise<readonly DirectoryFinding[]>;
  /** The same of one that is in force; undefined when that is none. */
  testRunning(name: string): Promise<readonly DirectoryFinding[] | undefined>;
  /** Whoever of a directory of this name has a role, whether there is such a directory now or not. */
  administratorsIn(
    name: string,
  ): Promise<readonly { readonly user: string; readonly grants: readonly Grant[] }[]>;
  /** Whether an owner of the site who can sign in is in another directory. */
  isOwnedFromElsewhere(name: string): Promise<boolean>;
};

const finding = z.object({
  about: z.enum(['server', 'people', 'groups', 'lockout', 'password-change', 'alias']),
  ok: z.boolean(),
  subject: z.string(),
  reason: z.string().optional(),
  untrusted: z
    .literal(true)
    .optional()
    .describe('The certificate comes from an authority that is not trusted'),
});
export const directoryTest = z.object({ findings: z.array(finding) });
export type DirectoryTest = z.infer<typeof directoryTest>;

const time = z.iso.datetime();

export const directoryShape = z.object({
  name: z.string(),
  type: z.enum(['local', 'ldap']),
  kind: z.enum(['active-directory', 'openldap']).optional(),
  source: z.enum(['file', 'store']).describe('Those of the file are read-only'),
  inForce: z.boolean(),
  baseDn: z.string().optional(),
  aliases: z.array(z.string()),
  servers: z.array(z.object({ url: z.string(), up: z.boolean() })),
  changedAt: time.optional(),
  changedBy: z.string().optional(),
});
export type DirectoryShape = z.infer<typeof directoryShape>;
export const directoriesAnswer = z.object({ items: z.array(directoryShape) });
export type DirectoriesAnswer = z.infer<typeof directoriesAnswer>;
export const directoryAnswer = directoryShape.extend({
  directory: z.record(z.string(), z.unknown()).describe('As a change takes it, without its password'),
  hasPassword: z.boolean(),
});
export type DirectoryAnswer = z.infer<typeof directoryAnswer>;

export const directoryBody = z.strictObject({ directory: judgedBy(storedDirectory) });

const iso = (at: number): string => new Date(at).toISOString();

/** The directories of the site: those of the file to be seen, those of the store to be changed. */
export function directoriesCalls(parts: DirectoriesParts): readonly AdminCall[] {
  const { storedDirectories: stored } = parts;

  const serversOf = (name: string, urls: readonly string[]): DirectoryShape['servers'] => {
    const states = new Map(parts.statesOf(name).map(({ url, up }) => [url, up]));
    return urls.map((url) => ({ url, up: states.get(url) ?? true }));
  };
  const ofFile = (directory: DirectoryConfig): DirectoryAnswer => {
    const base = { name: directory.name, source: 'file' as const, inForce: true };
    const shown = JSON.parse(JSON.stringify(directory));
    if (directory.type === 'local') {
      return { ...base, type: 'local', aliases: [], servers: [], directory: shown, hasPassword: false };
    }
    const { kind, baseDn, aliases, servers, passwordFile } = directory;
    return {
      ...base,
      type: 'ldap',
      kind,
      baseDn,
      aliases: [...aliases],
      servers: serversOf(directory.name, servers),
      directory: shown,
      hasPassword: passwordFile !== undefined,
    };
  };
  const ofStore = ({
    directory,
    hasPassword,
    changedAt,
    changedBy,
  }: StoredDirectoryView): DirectoryAnswer => {
    const { name, kind, baseDn, aliases, servers } = directory;
    const inForce = stored.inForce().some((each) => each.directory.name === name);
    return {
      name,
      source: 'store',
      inForce,
      type: 'ldap',
      kind,
      baseDn,
      aliases: [...aliases],
      servers: serversOf(inForce ? name : '', servers),
      directory: JSON.parse(JSON.stringify(directory)),
      hasPassword,
      changedAt: iso(changedAt),
      changedBy,
    };
  };
  const all = (): DirectoryAnswer[] => [...parts.fileDirectories().map(ofFile), ...stored.all.map(ofStore)];
  const kept = (name: string): StoredDirectoryView => {
    const found = stored.all.find(({ directory }) => directory.name === name);
    if (found !== undefined) return found;
    const isOfFile = parts.fileDirectories().some((each) => each.name === name);
    throw new GatewayError(isOfFile ? 'set-by-file' : 'unknown-directory');
  };
  const answerOf = (view: StoredDirectoryView) => ({ body: ofStore(view), etag: view.version });
  /**
   * Whoever says where a directory is says whose passwords are right in it, and where codes go. Rejects with
   * `not-allowed` where that makes them somebody who may more.
   */
  const requireMayPlace = async (caller: Caller, name: unknown): Promise<void> => {
    if (typeof name !== 'string') return;
    for (const { user, grants } of await parts.administratorsIn(name)) {
      if (user !== caller.actor) requireMayActOn(caller, grants);
    }
  };
  /** Rejects with `last-owner` where nobody who owns the site could sign in any more. */
  const requireOwnersLeft = async (name: string): Promise<void> => {
    const owned = (await parts.administratorsIn(name)).some(
      ({ grants }) => roleAt(grants, { scope: 'site' }) === 'owner',
    );
    if (owned && !(await parts.isOwnedFromElsewhere(name))) throw new GatewayError('last-owner');
  };

  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/directories',
      summary:
        'The directories of the file and of the store, in the order in which a bare name is looked for.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: directoriesAnswer },
      problems: [],
      async handle() {
        const items = all().map(({ directory: _, hasPassword: __, ...shape }) => shape);
        return { body: { items } };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/directories',
      summary: 'Adds an LDAP directory; in force on every replica within a second.',
      may: 'administer',
      scope: 'site',
      body: directoryBody,
      answer: { status: 201, schema: directoryAnswer },
      problems: ['invalid-directory', 'name-taken'],
      async handle({ body, caller }) {
        await requireMayPlace(caller, body.directory.name);
        return answerOf(await stored.add(body.directory, caller.actor));
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/directories/test',
      summary: 'Tries a directory that is not kept yet: servers, certificates, account, people, groups.',
      may: 'administer',
      scope: 'site',
      query: z.object({
        replaces: z.string().max(64).optional().describe('The directory that it would replace'),
      }),
      body: directoryBody,
      answer: { status: 200, schema: directoryTest },
      problems: ['invalid-directory'],
      async handle({ body, query }) {
        const findings = await parts.testDirectory(stored.judge(body.directory, query.replaces));
        return { body: { findings } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/directories/:directory',
      summary: 'One directory, with all that can be changed about it but its password.',
      may: 'see',
      scope: 'site',
      answer: { status: 200, schema: directoryAnswer },
      problems: ['unknown-directory'],
      async handle({ params }) {
        const { directory: name = '' } = params;
        const found = stored.all.find(({ directory }) => directory.name === name);
        if (found !== undefined) return answerOf(await stored.find(name));
        const ofThisName = parts.fileDirectories().find((each) => each.name === name);
        if (ofThisName === undefined) throw new GatewayError('unknown-directory');
        return { body: ofFile(ofThisName) };
      },
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/directories/:directory',
      summary:
        'Replaces a directory of the store. Without a password, the one that is kept stays, if it goes nowhere else.',
      may: 'administer',
      scope: 'site',
      body: directoryBody,
      conditional: true,
      answer: { status: 200, schema: directoryAnswer },
      problems: ['unknown-directory', 'set-by-file', 'invalid-directory'],
      async handle({ params, body, caller, ifMatch }) {
        const { directory: name = '' } = params;
        kept(name);
        await requireMayPlace(caller, name);
        return answerOf(await stored.replace(name, body.directory, ifMatch, caller.actor));
      },
    }),
    adminCall({
      method: 'delete',
      path: 'api/v1/admin/directories/:directory',
      summary: 'Removes a directory of the store: nobody of it can sign in, and their sessions end.',
      may: 'administer',
      scope: 'site',
      conditional: true,
      answer: { status: 204 },
      problems: ['unknown-directory', 'set-by-file', 'last-owner'],
      async handle({ params, caller, ifMatch }) {
        const { directory: name = '' } = params;
        kept(name);
        await requireMayPlace(caller, name);
        await requireOwnersLeft(name);
        await stored.remove(name, ifMatch, caller.actor);
        return {};
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/directories/:directory/test',
      summary: 'Tries a directory that is in force: servers, certificates, account, people, groups.',
      may: 'administer',
      scope: 'site',
      fresh: false,
      answer: { status: 200, schema: directoryTest },
      problems: ['unknown-directory'],
      async handle({ params }) {
        const findings = await parts.testRunning(params.directory ?? '');
        if (findings === undefined) throw new GatewayError('unknown-directory');
        return { body: { findings } };
      },
    }),
  ];
}
