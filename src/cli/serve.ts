import type { Command } from 'commander';
import { createLog, type Log } from '../audit/index.ts';
import { type Config, loadConfig } from '../config/index.ts';
import { GatewayError } from '../errors.ts';
import { type Gateway, giveBackMemory, startGateway } from '../server/index.ts';
import type { Context } from './context.ts';
import { listenForReload, type ReloadResult } from './reload-messages.ts';
import { stopSignal } from './stop-signal.ts';

/** `serve`: the gateway itself, until it is told to stop. */
export function addServe(program: Command, context: Context): void {
  program
    .command('serve')
    .description(context.text('cli.serve.help'))
    .action(async () => {
      const config = context.config();
      const log = createLog({ level: config.log.level });
      // From now on, so that a signal during the start ends it properly too.
      const stop = stopSignal({ log, clock: context.clock, signals: process });
      const gateway = await startGateway({ config, version: context.version, log });
      greet(context, config, gateway);
      const reloading = followChanges(config, gateway, log);
      giveBackMemory();
      await stop;
      reloading.close();
      await gateway.close(config.timeouts.shutdown * 1000, config.timeouts.drain * 1000);
    });
}

function greet({ terminal, text, version }: Context, config: Config, gateway: Gateway): void {
  terminal.tell(text('cli.serve.open', { version, url: config.publicUrl }));
  terminal.tell(text('cli.serve.console', { url: config.console.publicUrl }));
  if (config.demo) terminal.tell(text('cli.serve.demo'));
  if (gateway.ownerLink === undefined) return;
  terminal.tell('');
  terminal.tell(text('cli.serve.owner'));
  terminal.tell(`  ${gateway.ownerLink}`);
  terminal.tell('');
}

/** Reloads at `sallyport reload` and at SIGHUP. */
function followChanges(started: Config, gateway: Gateway, log: Log): { close(): void } {
  let config = started;
  const reload = (): ReloadResult => {
    try {
      const next = loadConfig({ file: started.file });
      gateway.reload(next);
      config = takenOver(config, next, started.demo);
      const needRestart = changedKeys(config, next);
      if (needRestart.length > 0) log.warn({ settings: needRestart }, 'changed settings that need a restart');
      return { ok: true, needRestart };
    } catch (error) {
      log.error({ error }, 'the changed configuration was not taken over');
      return { ok: false, reason: reasonOf(error) };
    }
  };
  const messages = listenForReload(gateway.rooms.store, reload);
  // Not on Windows, where `sallyport reload` does the same.
  process.on('SIGHUP', reload);

  return {
    close() {
      messages.close();
      process.off('SIGHUP', reload);
    },
  };
}

/** What is in force after a reload; what still differs from `next` waits for a restart. */
function takenOver(config: Config, next: Config, hasDemo: boolean): Config {
  return {
    ...config,
    applications: next.applications,
    directories: next.directories,
    trustedProxies: next.trustedProxies,
    trustedNetworks: next.trustedNetworks,
    demo: hasDemo ? next.demo : config.demo,
    listen: listenOf(config, next),
  };
}

/** Certificates and load balancers change; whether there are any at all doesn't. */
function listenOf({ listen }: Config, next: Config): Config['listen'] {
  const tls = listen.tls && next.listen.tls;
  const proxyProtocol = listen.proxyProtocol && next.listen.proxyProtocol;
  return {
    ...listen,
    ...(tls === undefined ? {} : { tls }),
    ...(proxyProtocol === undefined ? {} : { proxyProtocol }),
  };
}

/** The message of a problem is its code alone: what was wrong stands in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const named = error instanceof GatewayError ? error.params.reason : undefined;
  const reason = named ?? (error.cause instanceof Error ? error.cause.message : undefined);
  return reason === undefined ? error.message : `${error.message}: ${reason}`;
}

/** Names of the top-level settings that differ. Secrets compare as equal. */
function changedKeys(before: Config, after: Config): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const printed = (config: Config, key: string): string => JSON.stringify(Reflect.get(config, key)) ?? '';
  return [...keys].filter((key) => printed(before, key) !== printed(after, key));
}
