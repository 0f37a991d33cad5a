/** Counts what happens, knows what needs an administrator, and tells those who asked to be told. */
export { type AlertChannel, type AlertKind, type AlertReceiver, alertKinds } from './alert-receiver.ts';
export { AlertReceivers, type AlertReceiverView, type AlertWish } from './alert-receivers.ts';
export { Alerts, type AlertTest } from './alerts.ts';
export { type Concern, type ConcernKind, type ConcernView, concernKinds } from './concern.ts';
export { describeConcern } from './describe-concern.ts';
export { LiveSessions } from './live-sessions.ts';
export { Observer } from './observer.ts';
export { countPeople, type People, type PeopleCount, PeopleCounts } from './people-counts.ts';
export { StandingConcerns } from './standing-concerns.ts';
export { type SiteFacts, standsOut } from './stands-out.ts';
export { type Bucket, Statistics, type StatisticsSpan } from './statistics.ts';
