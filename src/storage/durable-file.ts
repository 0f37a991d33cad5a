import {
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Random, randomName } from '../random.ts';

/** Replaces `path` by a file with `text` that only its owner can read: after a crash the old or the new one is there. */
export function replaceFile(path: string, text: string, random: Random): void {
  const draft = writeDraft(path, text, random);
  giveToOwnerOf(path, draft);
  renameSync(draft, path);
  syncFolder(path);
}

/** As `replaceFile`, but only where there is no file yet; returns whether it was made. One of several racers makes it. */
export function createFile(path: string, text: string, random: Random): boolean {
  const draft = writeDraft(path, text, random);
  giveToOwnerOf(dirname(path), draft);
  try {
    // A link appears whole or not at all, and unlike a rename it never replaces what is there.
    linkSync(draft, path);
  } catch (error) {
    if (isThere(error)) return false;
    // FAT, exFAT and some network shares have no links, and each system says so in a way of its own.
    if (!claimAndFill(path, draft)) return false;
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(path);
  return true;
}

/**
 * Where there are no links: an empty file says whose turn it is, and the finished draft replaces it. A crash in
 * between leaves the empty one, never half a text. Returns false when another file was there first.
 */
function claimAndFill(path: string, draft: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (isThere(error)) return false;
    throw error;
  }
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  return true;
}

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** Puts a finished file in place of `path`, durably. */
export function moveIntoPlace(draft: string, path: string): void {
  const descriptor = openSync(draft, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, path);
  syncFolder(path);
}

/**
 * Gives `file` the owner of `model` where there is one and this process may: an administrator who runs a command as
 * root must not lock the gateway, which has a user of its own, out of its files. SQLite does the same for its journals.
 */
export function giveToOwnerOf(model: string, file: string): void {
  const owner = statSync(model, { throwIfNoEntry: false });
  if (owner !== undefined && process.getuid?.() === 0) chownSync(file, owner.uid, owner.gid);
}

function writeDraft(path: string, text: string, random: Random): string {
  const draft = `${path}.${randomName(random, 6)}.draft`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

/** Makes a rename or link outlive a power failure; Windows does so by itself and can't open folders. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(dirname(path), 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
