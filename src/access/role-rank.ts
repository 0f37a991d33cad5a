/** From the least to the most that it allows. */
export const roleNames = ['auditor', 'helpdesk', 'administrator', 'owner'] as const;

/**
 * `auditor` sees everything and changes nothing; `helpdesk` also resets, unlocks, hands out codes and ends sessions;
 * `administrator` changes everything but who administers; `owner` that too.
 */
export type Role = (typeof roleNames)[number];

/** Whether `role` allows everything that `needed` does. */
export const reaches = (role: Role | undefined, needed: Role): boolean =>
  role !== undefined && roleNames.indexOf(role) >= roleNames.indexOf(needed);

/**
 * The most that grants allow in a subscription, or (undefined) in the whole site: a role of the whole site holds in every
 * subscription, one of a subscription nowhere else.
 */
export function strongestRole(
  grants: readonly { readonly role: Role; readonly subscription?: string }[],
  subscription: string | undefined,
): Role | undefined {
  const here = grants.filter((each) => each.subscription === undefined || each.subscription === subscription);
  return roleNames.findLast((role) => here.some((each) => each.role === role));
}
