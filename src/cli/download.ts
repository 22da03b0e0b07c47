// A download from the hub that a person waits for: its progress on the standard error, ended by Ctrl-C, taken up by the
// next try.

import { isHubId } from '../model/hub_cache.ts';
import { meantFolder, modelFolder } from './model_folder.ts';

/** The folder of the snapshot. @throws MerfError as model/hub.ts does; the reason of the signal where it was aborted. */
export async function downloadShown(id: string, revision: string, signal: AbortSignal): Promise<string> {
  const { downloadModel } = await import('../model/hub.ts');
  const terminal = process.stderr.isTTY;
  let [file, shown] = ['', 0];
  try {
    const folder = await downloadModel(id, {
      revision,
      signal,
      onProgress: (progress) => {
        const now = performance.now();
        if (progress.file === file && now - shown < (terminal ? 100 : 1000)) return;
        [file, shown] = [progress.file, now];
        const text = `${sizeText(progress.doneBytes)} of ${sizeText(progress.bytes)}  ${file}`;
        process.stderr.write(terminal ? `\r\x1b[K${text}` : `${text}\n`);
      },
    });
    if (terminal) process.stderr.write('\r\x1b[K');
    return folder;
  } catch (error) {
    if (terminal) process.stderr.write('\n');
    throw error;
  }
}

/** Brings a model of the hub that is not on this machine; what is here, or is meant as a folder, is left as it is. */
export async function bringModel(model: string, file: string): Promise<void> {
  if (!isHubId(model) || modelFolder(model, file) !== null || meantFolder(model, file) !== null) return;
  process.stderr.write(`${model} is not on this machine: downloading it.\n`);
  await downloadShown(model, 'main', new AbortController().signal);
}

export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
