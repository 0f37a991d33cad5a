import { ownerAtConsole } from '../support/admin-client.ts';
import { addCrowd } from '../support/crowd.ts';
import { startSite } from '../support/site.ts';
import { type Goal, table } from './report.ts';

/** Each call so many times; the median counts. */
const times = 15;

const calls = [
  ['the first page of users', 'users'],
  ['200 users', 'users?limit=200'],
  ['search for "al" in the page', 'users?q=al'],
  ['search for "zoe zimmer" in the page', 'users?q=zoe%20zimmer'],
  ['who is not enrolled', 'users?state=not-enrolled'],
  ['who is disabled (nobody)', 'users?state=disabled'],
  ['the list of who is enabled', 'enabled'],
  ['search for "al" in that list', 'enabled?q=al'],
  ['picking by "al"', 'pickers/users?q=al'],
] as const;

/** The pages of users of the administrators' API, with so many local users in SQLite, half of them enrolled. */
export async function measurePeople({
  users,
}: {
  users: number;
}): Promise<{ goals: Goal[]; lines: string[] }> {
  const site = await startSite();
  try {
    const owner = await ownerAtConsole(site);
    await addCrowd(site.gateway.rooms, {
      users,
      listed: Math.floor(users / 4),
      enrolled: Math.floor(users / 2),
    });
    const rows: string[][] = [];
    let worst = 0;
    for (const [what, path] of calls) {
      const taken: number[] = [];
      // The first of each warms up.
      for (let time = 0; time <= times; time += 1) {
        const begun = performance.now();
        const answer = await owner.admin('GET', path);
        if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
        if (time > 0) taken.push(performance.now() - begun);
      }
      taken.sort((one, other) => one - other);
      const median = taken[Math.floor(taken.length / 2)] ?? Number.NaN;
      worst = Math.max(worst, median);
      rows.push([what, median.toFixed(1), (taken.at(-1) ?? Number.NaN).toFixed(1)]);
    }
    const count = users.toLocaleString('en');
    return {
      goals: [
        {
          what: `pages of ${count} users in the administrators' API`,
          must: '≤ 200 ms each',
          reached: `${worst.toFixed(0)} ms at worst, medians`,
          holds: worst <= 200,
        },
      ],
      lines: [`## Pages of ${count} users`, '', table(['ms', 'median', 'worst'], rows), ''],
    };
  } finally {
    await site.stop();
  }
}
