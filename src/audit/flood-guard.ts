import type { Clock } from '../clock.ts';
import type { AuditEvent } from './event.ts';

/** Events that anybody outside can cause as often as they like. */
export type OutsideEvent = Extract<AuditEvent, { type: 'request.refused' | 'request.suspicious' }>;

export const isOutsideEvent = (event: AuditEvent): event is OutsideEvent =>
  event.type === 'request.refused' || event.type === 'request.suspicious';

const freePerWindow = 20;
const window = 60_000;
const mostKinds = 10_000;

type Kind = { seen: number; last: OutsideEvent };

/**
 * Lets the first 20 events of one kind and address pass in each minute and hands over one summary of the others
 * at the minute's end, so that a flood of refused requests cannot fill the store or slow its writes.
 * Remembers at most 10,000 kinds; beyond that everything new shares one.
 */
export function createFloodGuard(clock: Pick<Clock, 'after'>, summarise: (event: OutsideEvent) => void) {
  const kinds = new Map<string, Kind>();

  function close(): void {
    const closed = [...kinds.values()];
    kinds.clear();
    for (const { seen, last } of closed) {
      if (seen > freePerWindow) summarise({ ...last, repeated: seen - freePerWindow });
    }
  }

  return {
    /** Whether this event is to be stored by itself. */
    passes(event: OutsideEvent): boolean {
      if (kinds.size === 0) clock.after(window, close);
      const what = event.type === 'request.refused' ? event.code : event.reason;
      let id = `${event.type} ${what} ${event.origin.address}`;
      if (!kinds.has(id) && kinds.size >= mostKinds) id = 'everything else';
      const kind = kinds.get(id) ?? { seen: 0, last: event };
      kind.seen += 1;
      kind.last = event;
      kinds.set(id, kind);
      return kind.seen <= freePerWindow;
    },
  };
}
