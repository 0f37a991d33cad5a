/** What is printed instead of a secret. */
export const redacted = '[redacted]';

/** Field names whose values never leave the process, whatever they hold. Compared without case, `-` and `_`. */
const secretNames =
  /^(?:.*password.*|passwd|pwd|.*secret.*|.*token.*|authorization|proxyauthorization|cookies?|setcookie|.*cookie|code|.*codes|recoverycode|verificationcode|ticket|otp|pin|phone|phonenumber|number|assertion|jwt|nonce|masterkey|privatekey|plaintext|xsallyportassertion)$/;

/** Strings that betray themselves wherever they stand: in a message, a URL, a stack. */
const secretShapes: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, redacted],
  [/\bspt_[\w-]+/g, redacted],
  [/\bsealed:1:[^\s"']+/g, redacted],
  [/\$argon2\w*\$[^\s"']+/g, redacted],
  [/\botpauth:[^\s"']+/gi, redacted],
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"']+@/gi, `$1${redacted}@`],
  [
    /([?&#;]|^|\s)([\w-]{0,40}?(?:password|secret|token|code|ticket|nonce)[\w-]{0,40})=[^\s&#;"']+/gi,
    `$1$2=${redacted}`,
  ],
  [/(\/\.sallyport\/(?:owner|recover|invitation)#(?:new\/|own\/)?)[\w-]+/g, `$1${redacted}`],
  [/\b((?:__Host-)?sallyport-[\w-]+)=[^\s;"']+/gi, `$1=${redacted}`],
];

/** Characters of one text; also what keeps the patterns above quick, whatever somebody sends to slow them. */
const longest = 1_024;
const deepest = 6;
const mostItems = 100;

/** Whether a field of this name is never printed. */
function isSecretName(name: string): boolean {
  return secretNames.test(name.replace(/[-_]/g, '').toLowerCase());
}

/** The text without anything that looks like a credential, at most 1,024 characters. */
export function redactText(text: string): string {
  let safe = text.length > longest ? `${text.slice(0, longest)}…` : text;
  for (const [shape, replacement] of secretShapes) safe = safe.replace(shape, replacement);
  return safe;
}

/** An error as the log shows it: only what describes the failure, never what was being handled. */
type PrintedError = {
  type: string;
  message: string;
  code?: string;
  syscall?: string;
  stack?: string;
  cause?: unknown;
};

function redactError(error: Error, depth: number): PrintedError {
  const printed: PrintedError = { type: redactText(error.name), message: redactText(error.message) };
  // Other properties of an error may hold the request, its body or its headers, so only these are copied.
  if ('code' in error && (typeof error.code === 'string' || typeof error.code === 'number')) {
    printed.code = redactText(String(error.code));
  }
  if ('syscall' in error && typeof error.syscall === 'string') printed.syscall = redactText(error.syscall);
  if (error.stack !== undefined) {
    const frames = error.stack.split('\n').filter((line) => /^\s+at /.test(line));
    printed.stack = frames.slice(0, 20).map(redactText).join('\n');
  }
  if (error.cause !== undefined) printed.cause = redactAt(error.cause, depth + 1);
  return printed;
}

function redactAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => redactAt(item, depth + 1));
  const safe: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value).slice(0, mostItems)) {
    if (field === undefined) continue;
    safe[name] = isSecretName(name) && !isHarmless(name, field) ? redacted : redactAt(field, depth + 1);
  }
  return safe;
}

/** `code` names problem and system codes too (`wrong-code`, `ECONNRESET`); a verification code has digits. */
function isHarmless(name: string, field: unknown): boolean {
  if (name === 'code') return typeof field === 'string' && /^(?:[a-z]+(?:-[a-z]+)*|E[A-Z_]+)$/.test(field);
  return typeof field === 'boolean';
}

/**
 * A copy of `fields` that is safe to print: secrets by name and by shape are replaced, errors reduced to type,
 * message, code, stack and cause, depth and size bounded. Never throws.
 */
export function redact(fields: unknown): unknown {
  try {
    return redactAt(fields, 0);
  } catch {
    // A getter or proxy that throws must not take the log line, or the request that wrote it, with it.
    return { unprintable: true };
  }
}
