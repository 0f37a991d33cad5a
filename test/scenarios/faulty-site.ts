import assert from 'node:assert/strict';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { type Site, startSite } from '../support/site.ts';

/** A whole site on a disk that can fail. */
export class FaultySite {
  readonly disk: FaultyDisk;
  readonly server: ApplicationServer;
  readonly site: Site;
  /** Another process at the store's file, as far as SQLite can tell. */
  other: DatabaseSync | undefined;

  private constructor(parts: { disk: FaultyDisk; server: ApplicationServer; site: Site }) {
    this.disk = parts.disk;
    this.server = parts.server;
    this.site = parts.site;
  }

  /** `config`: more of the configuration. Closed when the test is over. */
  static async open(t: TestContext, config: Record<string, unknown> = {}): Promise<FaultySite> {
    const disk = new FaultyDisk();
    const server = await startApplicationServer();
    let world: FaultySite | undefined;
    t.after(async () => {
      disk.remove();
      if (world?.other?.isOpen) world.other.close();
      await world?.site.stop();
      await server.close();
    });
    const site = await startSite({
      config: {
        trustedNetworks: ['127.0.0.0/8'],
        ...config,
        applications: [{ name: 'desk', path: '/desk', servers: [server.url] }],
      },
    });
    world = new FaultySite({ disk, server, site });
    return world;
  }

  get path(): string {
    return join(this.site.folder, 'data', 'sallyport.db');
  }

  /** Moves the files of the store to another name, and whatever is there to none. */
  move(from: string, to: string): void {
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(`${to}${suffix}`, { force: true });
      try {
        renameSync(`${from}${suffix}`, `${to}${suffix}`);
      } catch (error) {
        if (suffix === '') throw error;
      }
    }
  }

  /** Lets time go by, with turns for what the timers start. */
  async pass(milliseconds: number): Promise<void> {
    for (let gone = 0; gone < milliseconds; gone += 500) {
      this.site.clock.advance(Math.min(500, milliseconds - gone));
      for (let turns = 0; turns < 20; turns += 1) await nextTurn();
    }
  }

  async ready(): Promise<number> {
    return (await fetch(`http://127.0.0.1:${this.site.managementPort}/readyz`)).status;
  }
}

export type StoreFault = {
  readonly name: string;
  /** Whether what is stored can be read meanwhile. */
  readonly readable: boolean;
  /** Whether a write may succeed that needs no room. */
  readonly someWrites?: true;
  begin(world: FaultySite): void | Promise<void>;
  end(world: FaultySite): void;
};

/** Where the files are while they are away. */
export const away = (world: FaultySite): string => join(world.site.folder, 'away.db');
export const storeFaults: readonly StoreFault[] = [
  {
    name: 'is read-only',
    readable: true,
    begin: ({ disk }) => disk.becomesReadOnly(),
    end: ({ disk }) => disk.isMended(),
  },
  {
    name: 'has no room',
    readable: true,
    someWrites: true,
    async begin({ disk, site }) {
      disk.becomesFull();
      // Down to the last gap in a page that is there already.
      for (const size of [3000, 300, 30]) {
        const filler = (): Promise<string> =>
          site.gateway.rooms.store.append('filler', 'x'.repeat(size), { tags: [] });
        await assert.rejects(async () => {
          for (;;) await filler();
        });
      }
    },
    end: ({ disk }) => disk.isMended(),
  },
  {
    name: 'is locked by another process',
    readable: true,
    begin(world) {
      world.other = new DatabaseSync(world.path);
      world.other.exec('BEGIN IMMEDIATE');
    },
    end: (world) => world.other?.close(),
  },
  {
    name: 'was removed',
    readable: false,
    begin: (world) => world.move(world.path, away(world)),
    end: (world) => world.move(away(world), world.path),
  },
  {
    name: 'was replaced by an empty one',
    readable: false,
    begin(world) {
      world.move(world.path, away(world));
      new DatabaseSync(world.path).close();
    },
    end: (world) => world.move(away(world), world.path),
  },
  {
    name: 'was replaced by that of another site',
    readable: false,
    async begin(world) {
      const theirs = join(world.site.folder, 'theirs.db');
      if (!existsSync(theirs)) {
        const other = await startSite();
        await other.gateway.rooms.database.backup(theirs);
        await other.stop();
      }
      world.move(world.path, away(world));
      copyFileSync(theirs, world.path);
    },
    end: (world) => world.move(away(world), world.path),
  },
];
