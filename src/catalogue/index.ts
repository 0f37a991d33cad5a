/** Holds every text that a person reads, in each language. */
export * from './catalogue.ts';
export { type Language, languages, negotiate } from './language.ts';
export { describeProblems } from './reference.ts';
