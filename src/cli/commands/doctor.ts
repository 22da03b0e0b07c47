// `merf doctor`: what this machine has for training, what each part gives, and how to get what is missing. It only
// looks: nothing is installed or downloaded.

import { createRequire } from 'node:module';
import os from 'node:os';
import { type Command, Option } from 'commander';
import { showBytes } from '../../spec/memory_estimate.ts';
import { findPython } from '../../verify/python_command.ts';
import { type Device, devicesHere } from '../devices/devices.ts';
import { modelFolder } from '../model_folder.ts';
import { print } from '../output.ts';
import { type Language, languageOption, type Say, sayIn } from '../say.ts';

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
    .addOption(languageOption())
    .action(async ({ format, lang }: { format: 'text' | 'json'; lang: Language }) => {
      const say = sayIn(lang);
      const findings = await examine(say);
      const text = () => findings.map((finding) => describe(finding, say)).join('\n');
      await print(format === 'json' ? `${JSON.stringify(findings, null, 2)}\n` : text());
    });
}

async function examine(say: Say): Promise<Finding[]> {
  const backends = await onnxBackends(say);
  const devices = (await devicesHere()).map((device, i, { length }) => deviceFinding(device, i, length, say));
  return [
    nodeVersion(say),
    ...devices,
    ...(devices.length > 1 ? [] : [noGraphicsCard(say)]),
    ...backends,
    bundledModel(say),
    await python(say),
    tensorflow(say),
  ];
}

function describe({ name, found, state, gives, remedy }: Finding, say: Say): string {
  const how = remedy === null ? '' : `    ${say('To get it', '入手するには')}: ${remedy}\n`;
  return `${found ? '✓' : '–'} ${name}: ${state}\n    ${gives}\n${how}`;
}

function nodeVersion(say: Say): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldMajor, oldMinor] = OLDEST_NODE;
  const found = major > oldMajor || (major === oldMajor && minor >= oldMinor);
  return {
    name: 'Node.js',
    found,
    state: process.versions.node,
    gives: say('Runs everything.', 'すべてを動かします。'),
    remedy: found
      ? null
      : say(
          `install Node.js ${OLDEST_NODE.join('.')} or newer.`,
          `Node.js ${OLDEST_NODE.join('.')} 以降を入れてください。`,
        ),
  };
}

function deviceFinding({ kind, name, bytes, free }: Device, number: number, count: number, say: Say): Finding {
  const all = bytes === null ? say('memory not known', 'メモリー容量は不明') : showBytes(bytes);
  const left = free === null ? '' : say(`, ${showBytes(free)} free`, ` (空き ${showBytes(free)})`);
  if (kind === 'graphics') {
    return {
      name: count > 2 ? `GPU ${number}` : 'GPU',
      found: true,
      state: say(`${name}, ${all}${left}`, `${name}、${all}${left}`),
      gives: say(
        'Not used: training runs on the CPU. `merf plan` says whether a run would have room on it.',
        '使いません。学習は CPU で行います。実行が収まる大きさかは `merf plan` が示します。',
      ),
      remedy: null,
    };
  }
  return {
    name: 'CPU',
    found: true,
    state: say(
      `${os.availableParallelism()} threads, ${all} of memory${left} (${name})`,
      `${os.availableParallelism()} スレッド、メモリー ${all}${left}、${name}`,
    ),
    gives: say(
      'Trains models of a few million parameters, and adapters of larger ones; more threads make a step shorter.',
      '数百万パラメーターのモデルと、より大きなモデルのアダプターを学習します。スレッドが多いほど 1 ステップが短くなります。',
    ),
    remedy: null,
  };
}

function noGraphicsCard(say: Say): Finding {
  return {
    name: 'GPU',
    found: false,
    state: say('none was found', '見つかりませんでした'),
    gives: say('Nothing for training, which runs on the CPU.', '学習は CPU で行うので、学習には要りません。'),
    remedy: say(
      'nothing lacks without one; an NVIDIA GPU is found by its driver, whose nvidia-smi must be on the path.',
      'なくても困りません。NVIDIA の GPU はドライバーの nvidia-smi がパスにあれば見つかります。',
    ),
  };
}

/** What an execution provider gives. Training runs on the processor; the others are there for what comes after. */
const BACKENDS: ReadonlyMap<string, readonly [en: string, ja: string]> = new Map([
  [
    'cpu',
    [
      'The engine that trains: forward, backward and Adam in one graph on the processor.',
      '学習をするエンジンです。順伝播、逆伝播、Adam を一つのグラフで CPU 上で計算します。',
    ],
  ],
  ['webgpu', ['A GPU of any maker. Not used for training yet.', 'どのメーカーの GPU でも。学習にはまだ使いません。']],
  [
    'cuda',
    ['An NVIDIA GPU with CUDA 12. Not used for training yet.', 'CUDA 12 の NVIDIA GPU。学習にはまだ使いません。'],
  ],
  [
    'tensorrt',
    [
      'An NVIDIA GPU through TensorRT. Not used for training yet.',
      'TensorRT を通した NVIDIA GPU。学習にはまだ使いません。',
    ],
  ],
  [
    'dml',
    [
      'Any GPU on Windows (DirectML). Not used for training yet.',
      'Windows の GPU (DirectML)。学習にはまだ使いません。',
    ],
  ],
  [
    'coreml',
    [
      "Apple's GPU and neural engine. Not used for training yet.",
      'Apple の GPU とニューラルエンジン。学習にはまだ使いません。',
    ],
  ],
]);
const OTHER_BACKEND = ['An execution provider of ONNX Runtime.', 'ONNX Runtime の実行プロバイダーです。'] as const;

const BACKEND_COMMAND = 'ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js';

async function onnxBackends(say: Say): Promise<Finding[]> {
  try {
    const { listSupportedBackends } = await import('onnxruntime-node');
    const backends = listSupportedBackends();
    return backends.map(({ name, bundled }): Finding => {
      return {
        name: `onnxruntime-node, ${name}`,
        found: bundled,
        state: bundled
          ? say('comes with the package', 'パッケージに含まれています')
          : say('supported, but its libraries are not here', '対応していますが、ライブラリーがありません'),
        gives: say(...(BACKENDS.get(name) ?? OTHER_BACKEND)),
        remedy: bundled
          ? null
          : say(
              `${BACKEND_COMMAND} downloads the CUDA libraries.`,
              `${BACKEND_COMMAND} で CUDA のライブラリーをダウンロードします。`,
            ),
      };
    });
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return [
      {
        name: 'onnxruntime-node',
        found: false,
        state: say(`does not load (${why})`, `読み込めません (${why})`),
        gives: say('The training engine; without it nothing trains.', '学習エンジンです。なければ何も学習できません。'),
        remedy: say(
          'run npm ci again on a platform that onnxruntime-node supports (Linux, macOS, Windows; x64 or arm64).',
          'onnxruntime-node が対応する環境 (Linux、macOS、Windows の x64 か arm64) で npm ci をやり直してください。',
        ),
      },
    ];
  }
}

async function python(say: Say): Promise<Finding> {
  const found = await findPython(process.env);
  const named = process.env.MERF_PYTHON;
  return {
    name: say('Python, for verifiers', '検証器のための Python'),
    found: found !== null,
    state:
      found !== null
        ? say(
            `${found.version}, ${found.command} (by ${found.because})`,
            `${found.version}、${found.command} (${found.because})`,
          )
        : named
          ? say(
              `MERF_PYTHON names ${named}, which does not run as Python 3.8 or newer`,
              `MERF_PYTHON が示す ${named} は、Python 3.8 以降として動きません`,
            )
          : say('there is none, or none that is new enough', 'ないか、古すぎます'),
    gives: say(
      'Runs the Python scripts of verifiers. Nothing else needs it.',
      '検証器の Python スクリプトを動かします。ほかには要りません。',
    ),
    remedy:
      found !== null
        ? null
        : say(
            'install Python 3.8 or newer, or name one in MERF_PYTHON.',
            'Python 3.8 以降を入れるか、MERF_PYTHON に書いてください。',
          ),
  };
}

function bundledModel(say: Say): Finding {
  const folder = modelFolder('bundled:tiny', '');
  return {
    name: 'bundled:tiny',
    found: folder !== null,
    state: folder ?? say('is not in models/tiny', 'models/tiny にありません'),
    gives: say(
      'A small model that reads and writes puzzles, so that the first run needs no download.',
      'パズルを読み書きする小さなモデルです。最初の実行にダウンロードが要りません。',
    ),
    remedy:
      folder !== null
        ? null
        : say(
            'run npm run pretrain, which makes it from nothing, or check out models/tiny again.',
            'npm run pretrain で一から作るか、models/tiny をもう一度取り出してください。',
          ),
  };
}

function tensorflow(say: Say): Finding {
  let state: string | null;
  try {
    state = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json');
  } catch {
    state = null;
  }
  return {
    name: '@tensorflow/tfjs-node-gpu',
    found: state !== null,
    state: state === null ? say('is not installed', '入っていません') : say('is installed', '入っています'),
    gives: say(
      'TensorFlow with CUDA on Linux, for NVIDIA GPUs. Not used for training yet.',
      'Linux と CUDA の TensorFlow で、NVIDIA GPU のためのものです。学習にはまだ使いません。',
    ),
    remedy:
      state !== null
        ? null
        : say(
            'npm install --no-save @tensorflow/tfjs-node-gpu, on Linux with CUDA.',
            'CUDA のある Linux で npm install --no-save @tensorflow/tfjs-node-gpu。',
          ),
  };
}
