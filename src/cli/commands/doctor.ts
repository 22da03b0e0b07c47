// `merf doctor`: what this machine has for training, what each part gives, and how to get what is missing. It only
// looks: nothing is installed or downloaded.

import { createRequire } from 'node:module';
import os from 'node:os';
import { type Command, Option } from 'commander';
import { findPython } from '../../verify/python_command.ts';
import { modelFolder } from '../model_folder.ts';
import { print } from '../output.ts';

/** One line of the report. `remedy` says how to get it where `found` is false. */
export interface Finding {
  name: string;
  found: boolean;
  /** What is there, or what is not. */
  state: string;
  /** What it gives. */
  gives: string;
  remedy: string | null;
}

const OLDEST_NODE = [20, 19] as const;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Say which engines, devices and models are here, and how to get the missing ones.')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const findings = await examine();
      await print(format === 'json' ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(describe).join('\n'));
    });
}

export async function examine(): Promise<Finding[]> {
  return [nodeVersion(), threads(), ...(await onnxBackends()), bundledModel(), await python(), tensorflow()];
}

function describe({ name, found, state, gives, remedy }: Finding): string {
  return `${found ? '✓' : '–'} ${name}: ${state}\n    ${gives}\n${remedy === null ? '' : `    To get it: ${remedy}\n`}`;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldMajor, oldMinor] = OLDEST_NODE;
  const found = major > oldMajor || (major === oldMajor && minor >= oldMinor);
  return {
    name: 'Node.js',
    found,
    state: process.versions.node,
    gives: 'Runs everything.',
    remedy: found ? null : `install Node.js ${OLDEST_NODE.join('.')} or newer.`,
  };
}

function threads(): Finding {
  const gigabytes = (os.totalmem() / 2 ** 30).toFixed(1);
  return {
    name: 'CPU',
    found: true,
    state: `${os.availableParallelism()} threads, ${gigabytes} GiB of memory (${os.cpus()[0]?.model.trim() ?? os.arch()})`,
    gives: 'Trains models of a few million parameters; more threads make a step shorter.',
    remedy: null,
  };
}

/** What an execution provider gives. Training runs on the processor; the others are there for what comes after. */
const BACKENDS: ReadonlyMap<string, string> = new Map([
  ['cpu', 'The engine that trains: forward, backward and Adam in one graph on the processor.'],
  ['webgpu', 'A GPU of any maker. Not used for training yet.'],
  ['cuda', 'An NVIDIA GPU with CUDA 12. Not used for training yet.'],
  ['tensorrt', 'An NVIDIA GPU through TensorRT. Not used for training yet.'],
  ['dml', 'Any GPU on Windows (DirectML). Not used for training yet.'],
  ['coreml', "Apple's GPU and neural engine. Not used for training yet."],
]);

const BACKEND_REMEDY =
  'ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js downloads the CUDA libraries.';

async function onnxBackends(): Promise<Finding[]> {
  try {
    const { listSupportedBackends } = await import('onnxruntime-node');
    const backends = listSupportedBackends();
    return backends.map(({ name, bundled }): Finding => {
      return {
        name: `onnxruntime-node, ${name}`,
        found: bundled,
        state: bundled ? 'comes with the package' : 'supported, but its libraries are not here',
        gives: BACKENDS.get(name) ?? 'An execution provider of ONNX Runtime.',
        remedy: bundled ? null : BACKEND_REMEDY,
      };
    });
  } catch (error) {
    return [
      {
        name: 'onnxruntime-node',
        found: false,
        state: `does not load (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`,
        gives: 'The training engine; without it nothing trains.',
        remedy: 'run npm ci again on a platform that onnxruntime-node supports (Linux, macOS, Windows; x64 or arm64).',
      },
    ];
  }
}

async function python(): Promise<Finding> {
  const found = await findPython(process.env);
  const named = process.env.MERF_PYTHON;
  return {
    name: 'Python, for verifiers',
    found: found !== null,
    state:
      found !== null
        ? `${found.version}, ${found.command} (by ${found.because})`
        : named
          ? `MERF_PYTHON names ${named}, which does not run as Python 3.8 or newer`
          : 'there is none, or none that is new enough',
    gives: 'Runs the Python scripts of verifiers. Nothing else needs it.',
    remedy: found === null ? 'install Python 3.8 or newer, or name one in MERF_PYTHON.' : null,
  };
}

function bundledModel(): Finding {
  const folder = modelFolder('bundled:tiny', '');
  return {
    name: 'bundled:tiny',
    found: folder !== null,
    state: folder ?? 'is not in models/tiny',
    gives: 'A small model that reads and writes puzzles, so that the first run needs no download.',
    remedy:
      folder === null ? 'run npm run pretrain, which makes it from nothing, or check out models/tiny again.' : null,
  };
}

function tensorflow(): Finding {
  let state: string | null;
  try {
    state = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json');
  } catch {
    state = null;
  }
  return {
    name: '@tensorflow/tfjs-node-gpu',
    found: state !== null,
    state: state === null ? 'is not installed' : 'is installed',
    gives: 'TensorFlow with CUDA on Linux, for NVIDIA GPUs. Not used for training yet.',
    remedy: state === null ? 'npm install --no-save @tensorflow/tfjs-node-gpu, on Linux with CUDA.' : null,
  };
}
