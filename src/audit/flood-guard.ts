import type { Clock } from '../clock.ts';
import type { AuditEvent } from './event.ts';

/** Events that somebody outside can cause as often as they like, since nothing counts or delays them. */
export type OutsideEvent = Extract<
  AuditEvent,
  {
    type:
      | 'request.refused'
      | 'request.suspicious'
      | 'sign-in.password'
      | 'sign-in.factor'
      | 'api-access.refused';
  }
>;

export function isOutsideEvent(event: AuditEvent): event is OutsideEvent {
  switch (event.type) {
    case 'request.refused':
    case 'request.suspicious':
    case 'api-access.refused':
      return true;
    // The others are throttled tries.
    case 'sign-in.password':
      return event.result === 'locked';
    case 'sign-in.factor':
      return event.result === 'locked' || event.result === 'malformed';
    default:
      return false;
  }
}

/** Events with the same name are one kind. */
function kindOf(event: OutsideEvent): string {
  const { type, origin } = event;
  if (type === 'request.refused') return `${type} ${event.code} ${origin.address}`;
  if (type === 'request.suspicious' || type === 'api-access.refused')
    return `${type} ${event.reason} ${origin.address}`;
  return `${type} ${event.result} ${origin.address} ${event.user ?? ''}`;
}

const freePerWindow = 20;
const window = 60_000;
const mostKinds = 10_000;

type Kind = { seen: number; last: OutsideEvent };

/**
 * Lets the first 20 events of one kind and address pass in each minute and hands over one summary of the others
 * at the minute's end, so that a flood of refused requests can fill neither the store nor the log.
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
    /** Hands over the summaries now instead of at the minute's end. */
    close,
    /** Whether this event is to be stored by itself. */
    passes(event: OutsideEvent): boolean {
      if (kinds.size === 0) clock.after(window, close);
      let id = kindOf(event);
      if (!kinds.has(id) && kinds.size >= mostKinds) id = 'everything else';
      const kind = kinds.get(id) ?? { seen: 0, last: event };
      kind.seen += 1;
      kind.last = event;
      kinds.set(id, kind);
      return kind.seen <= freePerWindow;
    },
  };
}
