import type { UsersAction } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';

/** The addresses of the calls that this page makes. */
export const userPath = (key: string): string => `users/${segment(key)}`;
export const entryPath = (subject: string): string => `enabled/${segment(subject)}`;
export const groupPath = (key: string): string => `groups/${segment(key)}`;
export const actionPath = (action: UsersAction): string => `users/${action}`;
