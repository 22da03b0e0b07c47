// Which Python runs verifiers: the one named in MERF_PYTHON, else that of the active virtual or conda environment, else
// the first on the path.

import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface PythonCommand {
  /** The interpreter's own path. */
  command: string;
  version: string;
  /** Where it was named. */
  because: 'MERF_PYTHON' | 'VIRTUAL_ENV' | 'CONDA_PREFIX' | 'PATH';
}

const OLDEST = [3, 8] as const;

/** null: there is none that is new enough. */
export async function findPython(environment: NodeJS.ProcessEnv): Promise<PythonCommand | null> {
  for (const { because, command, leading } of candidates(environment)) {
    const found = await lookAt(command, leading, environment);
    if (found !== null) return { ...found, because };
    // what a person chose is not replaced by something else
    if (because === 'MERF_PYTHON') return null;
  }
  return null;
}

interface Candidate {
  because: PythonCommand['because'];
  command: string;
  leading: readonly string[];
}

function candidates({ MERF_PYTHON, VIRTUAL_ENV, CONDA_PREFIX }: NodeJS.ProcessEnv): Candidate[] {
  const windows = process.platform === 'win32';
  const inside = (folder: string) => (windows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python'));
  const conda = CONDA_PREFIX && (windows ? join(CONDA_PREFIX, 'python.exe') : inside(CONDA_PREFIX));
  const first = (because: Candidate['because'], command: string | undefined): Candidate[] =>
    command ? [{ because, command, leading: [] }] : [];
  return [
    ...first('MERF_PYTHON', MERF_PYTHON),
    ...first('VIRTUAL_ENV', VIRTUAL_ENV && inside(VIRTUAL_ENV)),
    ...first('CONDA_PREFIX', conda),
    ...first('PATH', 'python3'),
    ...first('PATH', 'python'),
    ...(windows ? [{ because: 'PATH' as const, command: 'py', leading: ['-3'] }] : []),
  ];
}

/** The interpreter behind a command, which may be a shim that is slow to start; null: it does not run, or is too old. */
function lookAt(
  command: string,
  leading: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Omit<PythonCommand, 'because'> | null> {
  const program = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)';
  return new Promise((resolve) => {
    const given = { env: environment, timeout: 20_000, windowsHide: true };
    execFile(command, [...leading, '-c', program], given, (error, stdout) => {
      const [version = '', executable = ''] = stdout.split(/\r?\n/);
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const isNew = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
      resolve(error === null && isNew && executable !== '' ? { command: executable, version } : null);
    });
  });
}
