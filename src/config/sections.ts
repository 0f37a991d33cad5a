import { z } from 'zod';
import { portalOrigin } from './public-origins.ts';
import { fileSchema, type ParsedApplication, type ParsedFile, type ParsedRemoteDesktop } from './schema.ts';
import { application, remoteDesktop } from './schema-applications.ts';

/**
 * The sections of the file that are right in themselves, so that what concerns several of them can be checked
 * although others are wrong. Defaults are filled in; a section that is wrong is undefined.
 */
export type Sections = { readonly [Key in keyof ParsedFile]?: ParsedFile[Key] | undefined } & {
  /** The applications one by one, in the order of the file; undefined also for those of type `rdp`. */
  readonly each: readonly (ParsedApplication | undefined)[];
  /** Those of type `rdp`, each at the place that it has in the file. */
  readonly desktops: readonly (ParsedRemoteDesktop | undefined)[];
  /** The origin that people type; undefined while the settings that make it are wrong. */
  readonly portal: string | undefined;
};

/** Parses each section of `input` on its own. */
export function sectionsOf(input: unknown): Sections {
  const given = z.record(z.string(), z.unknown()).safeParse(input).data ?? {};
  const entries = Object.entries(fileSchema.shape).map(([key, schema]) => [
    key,
    schema.safeParse(Object.hasOwn(given, key) ? given[key] : undefined).data,
  ]);
  const list = Array.isArray(given.applications) ? given.applications : [];
  const right = Object.fromEntries(entries) as Partial<ParsedFile>;
  const portalIsKnown = Object.hasOwn(given, 'publicUrl') === (right.publicUrl !== undefined);
  return {
    ...right,
    portal: right.listen && portalIsKnown ? portalOrigin(right.listen, right.publicUrl) : undefined,
    each: list.map((item) => application.safeParse(item).data),
    desktops: list.map((item) => remoteDesktop.safeParse(item).data),
  };
}
