#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
// Halves the time to start. Beside the packages, where whoever can write could change the program anyway: the
// usual place is a folder that every user of the machine may fill. Without the right to write there, nothing is kept.
enableCompileCache(join(root, 'node_modules/.cache/sallyport'));

// Loaded only now, so that they come out of that cache.
const { runProgram } = await import('./program.ts');
const { processTerminal } = await import('./terminal.ts');

const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { locale } = Intl.DateTimeFormat().resolvedOptions();

process.exitCode = await runProgram(process.argv.slice(2), { terminal: processTerminal(), version, locale });
