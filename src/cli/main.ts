import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

const packageFile = resolve(import.meta.dirname, '../../package.json');
const { version }: { version: string } = JSON.parse(readFileSync(packageFile, 'utf8'));
const { locale } = Intl.DateTimeFormat().resolvedOptions();

process.exitCode = await runProgram(process.argv.slice(2), { terminal: processTerminal(), version, locale });
