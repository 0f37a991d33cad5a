import {
  directoryOf,
  isWhitelisted,
  type PeopleParts,
  type RdpWhitelist,
  type WhitelistEntry,
} from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { versionTag } from '../storage/index.ts';
import { type AdminCall, adminCall } from './admin-call.ts';
import { forEach, keyIn, momentOf, type PeopleCallParts, requireMayChange, userNow } from './people.ts';
import {
  addedWhitelistAnswer,
  addWhitelistBody,
  changeWhitelistBody,
  removedWhitelistAnswer,
  removeWhitelistBody,
  type WhitelistRow,
  whitelistAnswer,
  whitelistQuery,
  whitelistRow,
} from './rdp-whitelist-shapes.ts';

export type RdpWhitelistParts = PeopleCallParts & { readonly rdpWhitelist: RdpWhitelist };

/** Users who may connect with an RDP client without a code. */
export function rdpWhitelistCalls(parts: RdpWhitelistParts): readonly AdminCall[] {
  const { rdpWhitelist } = parts;
  return [
    adminCall({
      method: 'get',
      path: 'api/v1/admin/rdp-whitelist',
      summary: 'Users who may connect with an RDP client without a code, why and until when.',
      may: 'see',
      scope: 'subscription',
      query: whitelistQuery,
      answer: { status: 200, schema: whitelistAnswer },
      problems: ['invalid-request'],
      async handle({ subscription, query: { q, limit, after } }) {
        const people = parts.people(subscription);
        const page = await rdpWhitelist.list(subscription, { term: q, limit, after });
        return { body: { ...page, items: page.items.map((entry) => rowOf(people, entry)) } };
      },
    }),
    adminCall({
      method: 'get',
      path: 'api/v1/admin/rdp-whitelist/:user',
      summary: 'One of these users.',
      may: 'see',
      scope: 'subscription',
      answer: { status: 200, schema: whitelistRow },
      problems: ['not-found', 'unknown-user'],
      async handle({ subscription, params }) {
        const found = await rdpWhitelist.find(subscription, keyIn(params));
        if (found === undefined) throw new GatewayError('not-found');
        return { body: rowOf(parts.people(subscription), found.entry), etag: versionTag(found.version) };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/rdp-whitelist',
      summary: 'Lets users connect with an RDP client without a code.',
      may: 'administer',
      scope: 'subscription',
      body: addWhitelistBody,
      answer: { status: 200, schema: addedWhitelistAnswer },
      problems: ['invalid-request', 'unknown-user', 'not-allowed', 'directory-unavailable'],
      async handle({ subscription, caller, body, language }) {
        const people = parts.people(subscription);
        const one = async (key: string): Promise<WhitelistRow> => {
          const user = await userNow(people, key);
          await requireMayChange(parts, caller, key);
          await people.known.note(subscription, user);
          return rowOf(people, await rdpWhitelist.put(subscription, user, wishOf(body), caller.actor));
        };
        const nameOf = async (key: string) =>
          (await people.findUser(key).catch(() => undefined))?.name ?? key;
        return { body: await forEach([...new Set(body.users)], { ...parts, language }, one, nameOf) };
      },
    }),
    adminCall({
      method: 'put',
      path: 'api/v1/admin/rdp-whitelist/:user',
      summary: 'Changes reason and end of an entry.',
      may: 'administer',
      scope: 'subscription',
      body: changeWhitelistBody,
      conditional: true,
      answer: { status: 200, schema: whitelistRow },
      problems: ['invalid-request', 'not-found', 'unknown-user', 'not-allowed', 'changed-meanwhile'],
      async handle({ subscription, caller, params, body, ifMatch }) {
        const people = parts.people(subscription);
        const key = keyIn(params);
        const found = await rdpWhitelist.find(subscription, key);
        if (found === undefined) throw new GatewayError('not-found');
        await requireMayChange(parts, caller, key);
        const user = { ...found.entry, ...(await people.findUser(key).catch(() => undefined)), key };
        await rdpWhitelist.put(subscription, user, wishOf(body), caller.actor, ifMatch);
        const after = await rdpWhitelist.find(subscription, key);
        if (after === undefined) throw new GatewayError('not-found');
        return { body: rowOf(people, after.entry), etag: versionTag(after.version) };
      },
    }),
    adminCall({
      method: 'post',
      path: 'api/v1/admin/rdp-whitelist/remove',
      summary: 'Takes users off it: from then on they need a code again.',
      may: 'administer',
      scope: 'subscription',
      body: removeWhitelistBody,
      answer: { status: 200, schema: removedWhitelistAnswer },
      problems: ['invalid-request', 'not-found', 'not-allowed'],
      async handle({ subscription, caller, body, language }) {
        const one = async (key: string) => {
          await requireMayChange(parts, caller, key);
          const removed = await rdpWhitelist.remove(subscription, key, caller.actor);
          if (removed === undefined) throw new GatewayError('not-found');
          return { user: key, name: removed.name };
        };
        const nameOf = async (key: string) => key;
        return { body: await forEach([...new Set(body.users)], { ...parts, language }, one, nameOf) };
      },
    }),
  ];
}

const wishOf = ({ reason, until }: { reason: string; until?: string | undefined }) => ({
  reason,
  ...(until === undefined ? {} : { until: Date.parse(until) }),
});

function rowOf({ clock }: Pick<PeopleParts, 'clock'>, entry: WhitelistEntry): WhitelistRow {
  const { user, name, displayName, reason, since, by, until } = entry;
  return {
    ...{ user, directory: directoryOf(user), name, displayName, reason, since: momentOf(since), by },
    ...(until === undefined ? {} : { until: momentOf(until) }),
    over: !isWhitelisted(entry, clock.now()),
  };
}
