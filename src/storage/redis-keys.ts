import { installationRecord } from './installation.ts';

/**
 * Where everything is, below the prefix of the installation:
 *
 *     d:<collection>:<key>    string   a document, packed
 *     k:<collection>          zset     its keys, in the order of their bytes
 *     t:<collection>          zset     <term> NUL <key>
 *     b:<collection>:<start>  zset     keys of documents with a term that begins with these one to three characters
 *     c                       set      names of collections
 *     h:<stream>              hash     entries by id, packed
 *     s:<stream>              zset     ids of entries, in order
 *     g:<stream>:<tag>        zset     ids of the entries that carry the tag
 *     S                       set      names of streams
 *     n                       string   number of the latest entry
 *     x                       zset     what expires, scored with when: `d:…`, or `h:<stream>:<id>`
 *     l:<name>                string   who works exclusively
 *     touched                 string   when somebody last made sure that writing works
 *     topics                  channel  announcements and messages
 *     heart:<process>         channel  heartbeats
 *
 * Names of collections and streams are percent-encoded, so that the first colon after them ends them.
 */
export const encodeName = (name: string): string => encodeURIComponent(name);

export const documentKey = (prefix: string, collection: string, key: string): string =>
  `${prefix}d:${encodeName(collection)}:${key}`;

export const installationKey = (prefix: string): string =>
  documentKey(prefix, installationRecord.collection, installationRecord.key);

export const topicsChannel = (prefix: string): string => `${prefix}topics`;
export const heartChannel = (prefix: string, processName: string): string => `${prefix}heart:${processName}`;
