import { type DestinationStream, type Logger, destination as openDestination, pino } from 'pino';
import { redact, redactText } from './redact.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export type LogFields = Readonly<Record<string, unknown>>;

/** The operational log: one JSON line per call. Fields and messages are redacted; errors go in as `{ error }`. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  fatal(fields: LogFields, message: string): void;
  /** A log whose every line carries `fields` too. */
  child(fields: LogFields): Log;
}

/** Bytes of lines that wait while the standard output takes none. */
const mostUnwritten = 1_048_576;

export type LogOptions = {
  /** Default `info`. */
  level?: LogLevel;
  /** Where lines go; default the process's standard output, written before the call returns. */
  destination?: DestinationStream;
};

/** Redacted and always an object, also when somebody logs a bare error. */
function printable(fields: unknown): Record<string, unknown> {
  const safe = redact(fields instanceof Error ? { error: fields } : fields);
  return typeof safe === 'object' && safe !== null && !Array.isArray(safe) ? { ...safe } : { value: safe };
}

function wrap(logger: Logger): Log {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error' | 'fatal') => (fields: LogFields, message: string) => {
      if (logger.isLevelEnabled(level)) logger[level](printable(fields), redactText(message));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: (fields) => wrap(logger.child(printable(fields))),
  };
}

/** Synchronous, so that a line written before a crash is there after it. */
export function openStandardOutput(): DestinationStream {
  const output = openDestination({ fd: 1, sync: true, maxLength: mostUnwritten });
  // A full disk behind the standard output must not end the process; lines wait for room, then are dropped.
  output.on('error', () => {});
  return output;
}

/**
 * A log that never prints secrets: passwords, codes, tokens, cookies, phone numbers are replaced by name and by
 * shape, and errors are printed with their causes but without whatever else hangs on them.
 */
export function createLog(options: LogOptions = {}): Log {
  const destination = options.destination ?? openStandardOutput();
  return wrap(
    pino(
      {
        level: options.level ?? 'info',
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    ),
  );
}
