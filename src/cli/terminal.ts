import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Whoever typed the command, and what they see. */
export interface Terminal {
  /** The result, on standard output. */
  say(line: string): void;
  /** What is about the result, on standard error: it must not end up in a file of results. */
  tell(line: string): void;
  /** Whether somebody is there to be asked. */
  readonly interactive: boolean;
  /** One line, as typed. Rejects with `Interrupted`. */
  ask(question: string): Promise<string>;
  /** As `ask`, without showing what is typed. */
  askHidden(question: string): Promise<string>;
  /** All of standard input, as text of at most 64 KiB. */
  readAll(): Promise<string>;
}

/** Ctrl+C at a question: nothing was done. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

const longestInput = 65_536;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    say: (line) => void stdout.write(`${printable(line)}\n`),
    tell: (line) => void stderr.write(`${printable(line)}\n`),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    ask: (question) => ask(question, stderr),
    async askHidden(question) {
      stderr.write(question);
      try {
        return await ask('', new Writable({ write: (_chunk, _encoding, done) => done() }));
      } finally {
        stderr.write('\n');
      }
    },
    async readAll() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).subarray(0, longestInput).toString('utf8');
    },
  };
}

function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    reader.on('SIGINT', () => reader.close());
    reader.on('close', () => reject(new Interrupted()));
    reader.question(question, (answer) => {
      resolve(answer);
      reader.close();
    });
  });
}

/** What users are called must not steer the administrator's terminal. */
const printable = (line: string): string => line.replaceAll(/(?!\t)\p{Cc}/gu, '\ufffd');
