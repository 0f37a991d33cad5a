import type { DirectoryUser } from './account.ts';
import { foldName } from './fold-name.ts';
import {
  type Assignment,
  type AssignmentKind,
  defaultSubscription,
  type Subscription,
  unknownSubscription,
} from './subscription.ts';

/** What the rules look at. `aliases`: the other names of the user's directory. */
export type PlacedPerson = Pick<
  DirectoryUser,
  'directory' | 'name' | 'domain' | 'groups' | 'groupsComplete'
> & { readonly aliases?: readonly string[] };

/** Which subscription each assignment means, found without going through all of them. */
export type Places = {
  /** By kind and folded value; the subscription's place in the list besides. */
  readonly assigned: ReadonlyMap<string, { readonly subscription: string; readonly order: number }>;
  /** Directories of which at least one group is assigned. */
  readonly byGroup: ReadonlySet<string>;
};

export const assignmentKey = ({ kind, value }: Assignment): string => `${kind} ${foldName(value)}`;

export function placesOf(subscriptions: readonly Subscription[]): Places {
  const assigned = new Map<string, { subscription: string; order: number }>();
  const byGroup = new Set<string>();
  for (const [order, { id, assignments }] of subscriptions.entries()) {
    for (const assignment of assignments) {
      assigned.set(assignmentKey(assignment), { subscription: id, order });
      if (assignment.kind === 'group') byGroup.add(directoryOfGroup(assignment.value));
    }
  }
  return { assigned, byGroup };
}

/**
 * The one subscription of a user: by a group of theirs, else by their domain, else by their directory, else `default`.
 * Of several groups, the one whose subscription comes first in the list. Whoever's groups are not fully known belongs
 * nowhere while a group of their directory is assigned: on a guess they would enrol anew with the password alone.
 */
export function placeUser({ assigned, byGroup }: Places, person: PlacedPerson): string {
  if (assigned.size === 0) return defaultSubscription;
  const at = (kind: AssignmentKind, value: string) => assigned.get(assignmentKey({ kind, value }));
  if (byGroup.has(foldName(person.directory))) {
    if (!person.groupsComplete) return unknownSubscription;
    const [first] = person.groups
      .flatMap((group) => at('group', `${person.directory}:${group}`) ?? [])
      .sort((one, other) => one.order - other.order);
    if (first !== undefined) return first.subscription;
  }
  const own = domainOf(person);
  const domains = own === undefined ? (person.aliases ?? []) : [own];
  const [byDomain] = domains
    .flatMap((domain) => at('domain', domain) ?? [])
    .sort((one, other) => one.order - other.order);
  return (byDomain ?? at('directory', person.directory))?.subscription ?? defaultSubscription;
}

/** Where a user belongs, as it was filled in. */
export const subscriptionOf = ({
  subscription = defaultSubscription,
}: Pick<DirectoryUser, 'subscription'>): string => subscription;

/** The directory that `directory:group` names. */
export const directoryOfGroup = (group: string): string => foldName(group.slice(0, group.indexOf(':')));

function domainOf({ name, domain }: PlacedPerson): string | undefined {
  const at = name.lastIndexOf('@');
  const named = at > 0 ? name.slice(at + 1) : '';
  return domain ?? (named === '' ? undefined : named);
}
