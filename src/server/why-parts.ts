import type { WhyParts } from '../access/index.ts';
import type { Rooms } from './rooms.ts';

/** What explains why a user is asked, or refused; `applications` are those in force. */
export const whyParts = (rooms: Rooms, applications: WhyParts['applications']): WhyParts => ({
  clock: rooms.administration.clock,
  store: rooms.store,
  list: rooms.administration.list,
  factors: rooms.administration.factors,
  settings: rooms.settings,
  roles: rooms.roles,
  throttle: rooms.throttle,
  findUser: (user) => rooms.directories.find(user),
  applications,
});
