// How far a download from the hub is, read from what `merf` says of it: `1.2 GB of 3.1 GB  model.safetensors`.

export interface DownloadState {
  /** As the line says it. */
  words: string;
  /** Between 0 and 1. */
  share: number;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
const LINE = /^([\d.]+) ([kMG]?B) of ([\d.]+) ([kMG]?B) {2}\S.*$/gm;

/** The newest state in an output; null: nothing is downloaded. */
export function downloadState(output: string): DownloadState | null {
  const last = [...output.matchAll(LINE)].at(-1);
  if (last === undefined) return null;
  const [words = '', done, doneUnit = 'B', all, allUnit = 'B'] = last;
  const total = Number(all) * (UNITS[allUnit] ?? 1);
  const share = total > 0 ? (Number(done) * (UNITS[doneUnit] ?? 1)) / total : 0;
  return { words, share: Math.min(1, share) };
}
