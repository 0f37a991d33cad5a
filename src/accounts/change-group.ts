import type { Actor, Audit } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import { type EnabledList, subjectOfGroup } from './enabled-list.ts';
import type { LocalGroup, LocalGroups } from './local-groups.ts';
import { localDirectory } from './local-users.ts';

export type GroupParts = {
  readonly subscription: string;
  readonly audit: Audit;
  readonly groups: LocalGroups;
  readonly list: EnabledList;
};

/** Rejects with `invalid-request`, `name-taken`. */
export async function createGroup(parts: GroupParts, name: string, actor: Actor): Promise<LocalGroup> {
  const group = await parts.groups.create(name.trim());
  parts.audit.record({ type: 'group.added', group: `${localDirectory}:${group.name}`, actor });
  return group;
}

/**
 * Deletes a local group that is not on the list of who is enabled: it would take two factors from its members, or
 * leave an exemption to the next group of that name. Rejects with `not-found`, `group-listed`.
 */
export async function deleteGroup(parts: GroupParts, name: string, actor: Actor): Promise<void> {
  const group = await parts.groups.find(name);
  if (group === undefined) throw new GatewayError('not-found');
  const subject = subjectOfGroup(localDirectory, group.name);
  if ((await parts.list.get(parts.subscription, subject)) !== undefined)
    throw new GatewayError('group-listed');
  await parts.groups.delete(name);
  parts.audit.record({ type: 'group.removed', group: `${localDirectory}:${group.name}`, actor });
}
