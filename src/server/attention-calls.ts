import { type AdminCall, alertsCalls, homeCalls } from '../admin/index.ts';
import type { AdminCallParts } from './admin-calls.ts';

/** The calls about what happens and needs somebody. */
export function attentionCalls({ rooms, tunnelCounts, version }: AdminCallParts): readonly AdminCall[] {
  const { attention, catalogue, settings, subscriptions } = rooms;
  return [
    ...homeCalls({
      ...attention,
      catalogue,
      settings,
      version,
      subscriptions: () => subscriptions.all(),
      attention: (subscription) => attention.list(subscription),
      tunnels: (subscription) => tunnelCounts.of(subscription),
    }),
    ...alertsCalls({ ...attention, catalogue }),
  ];
}
