import { type AdminCall, alertsCalls, brandingCalls, homeCalls } from '../admin/index.ts';
import { logoAddress } from '../portal/index.ts';
import type { AdminCallParts } from './admin-calls.ts';

/** The calls about what happens and needs somebody, and about how pages look. */
export function attentionCalls({
  config,
  rooms,
  tunnelCounts,
  version,
}: AdminCallParts): readonly AdminCall[] {
  const { attention, brandings, catalogue, hostSubscriptions, settings, subscriptions } = rooms;
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
    ...brandingCalls({
      brandings,
      settings,
      nameOf: (subscription) => hostSubscriptions.nameOf(subscription) ?? config().serverName,
      addressOf: logoAddress,
    }),
  ];
}
