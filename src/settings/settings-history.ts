import type { AuditEntry } from '../audit/index.ts';
import type { Json, Page, Store } from '../storage/index.ts';

/** One setting changed once. Values are as they can be typed. */
export type SettingChange = {
  readonly at: number;
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
};

/** Entries looked at for one page: changes of other subscriptions and settings lie in between. */
const most = 2_000;
const together = 200;

/**
 * Who changed what when, newest first, from the audit log and for as long as that is kept. A page may hold fewer than
 * `limit` although there are more: then it has a `next`.
 */
export async function settingHistory(
  store: Pick<Store, 'read'>,
  subscription: string,
  query: { readonly key?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<Page<SettingChange>> {
  const items: SettingChange[] = [];
  let before = query.after;
  for (let seen = 0; seen < most; seen += together) {
    const page = await store.read<Json>('audit', {
      tags: ['type:setting.changed'],
      limit: together,
      ...(before === undefined ? {} : { before }),
    });
    for (const { id, value } of page.items) {
      before = id;
      const entry = value as AuditEntry;
      if (entry.type !== 'setting.changed' || entry.subscription !== subscription) continue;
      if (query.key !== undefined && entry.key !== query.key) continue;
      const { at, key, from, to, actor } = entry;
      items.push({ at, key, from, to, actor });
      if (items.length === query.limit) return { items, next: id };
    }
    if (page.next === undefined) return { items };
    before = page.next;
  }
  return before === undefined ? { items } : { items, next: before };
}
