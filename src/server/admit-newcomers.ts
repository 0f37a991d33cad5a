import { type EnabledUsers, type Newcomers, subjectOfUser } from '../accounts/index.ts';
import type { Licence } from '../licence/index.ts';

/** What the licence says to people who are to be enabled: nothing to those who are, and no to a group once it is full. */
export const admitNewcomers = (
  licence: Pick<Licence, 'requireRoom'>,
  enabled: Pick<EnabledUsers, 'has'>,
): Newcomers => ({
  async admit(subscription, subjects) {
    const prefix = subjectOfUser('');
    let more = 0;
    let groups = false;
    for (const subject of new Set(subjects)) {
      if (!subject.startsWith(prefix)) groups = true;
      else if (!(await enabled.has(subscription, subject.slice(prefix.length)))) more += 1;
    }
    // How many a group means nobody knows before they come: it takes room for one.
    await licence.requireRoom(groups ? Math.max(more, 1) : more);
  },
});
