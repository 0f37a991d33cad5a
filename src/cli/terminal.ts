import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Whoever typed the command, and what they see. */
export interface Terminal {
  /** The result, on standard output; may have several lines. */
  say(text: string): void;
  /** What is about the result, on standard error: it must not end up in a file of results. */
  tell(text: string): void;
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
    say: (text) => void stdout.write(`${printable(text)}\n`),
    tell: (text) => void stderr.write(`${printable(text)}\n`),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    ask: (question) => ask(question, stderr),
    async askHidden(question) {
      // Nothing of what readline echoes, and so not its question either.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      try {
        return await ask('', nowhere, () => stderr.write(question));
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

/** `ready` is called once the terminal itself shows nothing of what is typed any more, however soon that is. */
function ask(question: string, echo: NodeJS.WritableStream, ready: () => void = () => {}): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: echo, terminal: true, historySize: 0 });
  ready();
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
const printable = (text: string): string => text.replaceAll(/(?![\t\n])\p{Cc}/gu, '\ufffd');
