// `merf models`: which models are on this machine (bundled, in Hugging Face's cache, trained here) and how large they
// are; `merf models download ID` brings one from the hub.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { cachedModels, folderBytes } from '../../model/hub_cache.ts';
import { runFolders } from '../../run/location.ts';
import { downloadShown, sizeText } from '../download.ts';
import { print } from '../output.ts';
import { packageRoot } from '../package_root.ts';

/** A model by the name that plans and commands take. */
export interface ListedModel {
  name: string;
  kind: 'bundled' | 'cached' | 'trained';
  folder: string;
  bytes: number;
}

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('List the models on this machine, or download one.')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const found = listModels(process.cwd());
      if (format === 'json') return print(`${JSON.stringify(found, null, 2)}\n`);
      const width = Math.max(...found.map(({ name }) => name.length));
      const lines = found.map(
        ({ name, kind, bytes }) => `${name.padEnd(width)}  ${kind.padEnd(7)}  ${sizeText(bytes).padStart(9)}\n`,
      );
      await print(lines.join(''));
    });
  models
    .command('download')
    .description("Download a model of the Hugging Face hub into Hugging Face's cache; a download that was cut goes on.")
    .argument('<id>', 'OWNER/NAME, as on the hub')
    .option('--revision <revision>', 'a branch, tag or commit', 'main')
    .addHelpText(
      'after',
      '\nEnvironment: HF_TOKEN for models that need access, HF_ENDPOINT for another hub, HF_HOME or HF_HUB_CACHE for the place.',
    )
    .action(download);
}

/** Bundled, cached and trained models; of a run its last checkpoint. */
export function listModels(root: string): ListedModel[] {
  const models = join(packageRoot(), 'models');
  const bundled = existsSync(models) ? readdirSync(models) : [];
  return [
    ...bundled
      .filter((name) => existsSync(join(models, name, 'config.json')))
      .map((name) => ({ name: `bundled:${name}`, kind: 'bundled' as const, folder: join(models, name) })),
    ...cachedModels().map(({ id, folder }) => ({ name: id, kind: 'cached' as const, folder })),
    ...runFolders(root).flatMap((run) => {
      const checkpoints = join(run, 'checkpoints');
      const last = existsSync(checkpoints) ? readdirSync(checkpoints).filter(isCheckpoint).sort().at(-1) : undefined;
      const folder = last === undefined ? null : join(checkpoints, last);
      return folder === null ? [] : [{ name: folder, kind: 'trained' as const, folder }];
    }),
  ].map((model) => ({ ...model, bytes: folderBytes(model.folder) }));
}

function isCheckpoint(name: string): boolean {
  return /^step-\d{6,}$/.test(name);
}

async function download(id: string, { revision }: { revision: string }): Promise<void> {
  const abort = new AbortController();
  const stop = () => abort.abort(new Error('stopped'));
  process.once('SIGINT', stop);
  try {
    await print(`${await downloadShown(id, revision, abort.signal)}\n`);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    process.stderr.write(`merf: Stopped. merf models download ${id} goes on where it was.\n`);
    process.exitCode = 130;
  } finally {
    process.off('SIGINT', stop);
  }
}
