// The devices of a computer, as what tells of them is read: the real formats of nvidia-smi, of Linux's /sys/class/drm, of
// macOS's system_profiler and of PowerShell; and `merf plan` and `merf doctor` with a program in the path that answers as
// nvidia-smi does.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { z } from 'zod';
import { readNvidiaSmi, readSystemProfiler, readVideoControllers } from '../../src/cli/devices/card_reports.ts';
import { drmCards } from '../../src/cli/devices/graphics_cards.ts';
import { letters, start } from '../training/letters.ts';
import { temporaryFolder } from './merf.ts';

const MIB = 2 ** 20;

describe('graphics cards', () => {
  const folder = temporaryFolder();

  it('are read from nvidia-smi, also where a chip shares the memory', () => {
    const output = 'NVIDIA H100 80GB HBM3, 81559, 81004\r\nNVIDIA GB10, [N/A], [N/A]\n\n';
    assert.deepEqual(readNvidiaSmi(output), [
      { name: 'NVIDIA H100 80GB HBM3', bytes: 81_559 * MIB, free: 81_004 * MIB, isShared: false },
      { name: 'NVIDIA GB10', bytes: null, free: null, isShared: true },
    ]);
    const broken = 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n';
    assert.deepEqual(readNvidiaSmi(broken), []);
  });

  it('are read from a folder like /sys/class/drm, without sockets and console chips', () => {
    const write = (path: string, text: string) => {
      mkdirSync(dirname(folder.path(path)), { recursive: true });
      writeFileSync(folder.path(path), text);
    };
    write('card0/device/vendor', '0x1a03\n');
    write('card0/device/device', '0x2000\n');
    write('card1/device/vendor', '0x1002\n');
    write('card1/device/device', '0x744c\n');
    write('card1/device/mem_info_vram_total', '25753026560\n');
    write('card1/device/mem_info_vram_used', '753026560\n');
    write('card1-DP-1/device/vendor', '0x1002\n');
    write('card2/device/vendor', '0x8086\n');
    write('card2/device/device', '0x56a0\n');
    assert.deepEqual(drmCards(folder.path('.')), [
      { name: 'AMD GPU 0x744c', bytes: 25_753_026_560, free: 25_000_000_000, isShared: false },
      { name: 'Intel GPU 0x56a0', bytes: null, free: null, isShared: false },
    ]);
    assert.deepEqual(drmCards(folder.path('nowhere')), []);
  });

  it('are read from system_profiler: Apple chips share the memory, others have their own', () => {
    const profile = (cards: unknown) => readSystemProfiler(JSON.stringify({ SPDisplaysDataType: cards }));
    assert.deepEqual(
      profile([
        {
          _name: 'Apple M2 Pro',
          sppci_cores: '19',
          sppci_model: 'Apple M2 Pro',
          spdisplays_vendor: 'sppci_vendor_Apple',
        },
        { sppci_model: 'AMD Radeon Pro 5500M', spdisplays_vendor: 'sppci_vendor_amd', spdisplays_vram: '8 GB' },
        { sppci_model: 'Intel UHD Graphics 630', spdisplays_vendor: 'Intel', spdisplays_vram_shared: '1536 MB' },
      ]),
      [
        { name: 'Apple M2 Pro', bytes: null, free: null, isShared: true },
        { name: 'AMD Radeon Pro 5500M', bytes: 8 * 2 ** 30, free: null, isShared: false },
        { name: 'Intel UHD Graphics 630', bytes: null, free: null, isShared: false },
      ],
    );
    assert.deepEqual([readSystemProfiler(''), readSystemProfiler('{"SPDisplaysDataType":[{}]}')], [[], []]);
  });

  it('are read from what PowerShell prints, without virtual adapters', () => {
    const output =
      '[{"bytes":17171480576,"name":"NVIDIA GeForce RTX 4080"},{"bytes":null,"name":"Intel(R) UHD Graphics 770"},{"bytes":null,"name":"Microsoft Remote Display Adapter"}]\r\n';
    assert.deepEqual(readVideoControllers(output), [
      { name: 'NVIDIA GeForce RTX 4080', bytes: 17_171_480_576, free: null, isShared: false },
      { name: 'Intel(R) UHD Graphics 770', bytes: null, free: null, isShared: false },
    ]);
    assert.deepEqual(readVideoControllers('Get-CimInstance : Access denied'), []);
  });
});

const Plan = z.object({
  devices: z.array(z.object({ kind: z.string(), name: z.string(), trains: z.boolean() }).loose()),
  arms: z.array(z.object({ rooms: z.array(z.object({ device: z.string(), fits: z.boolean().nullable() })) })),
});
const Findings = z.array(z.object({ name: z.string(), found: z.boolean(), state: z.string() }));

describe('a computer with two graphics cards of NVIDIA', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  before(function () {
    if (process.platform === 'win32') this.skip(); // a script in the path has another form there
  });

  /** Its path has a program that answers as nvidia-smi does. */
  function environment(): Record<string, string> {
    const program = folder.write(
      'nvidia-smi',
      `#!/bin/sh
[ "$1" = "--query-gpu=name,memory.total,memory.free" ] || exit 2
echo "NVIDIA H100 80GB HBM3, 81559, 81004"
echo "NVIDIA T400 4GB, 4096, 16"
`,
    );
    chmodSync(program, 0o755);
    return { PATH: `${dirname(program)}${delimiter}${process.env.PATH}` };
  }

  it('has them in the plan, with whether the run would have room there, and that training does not use them', async () => {
    const at = folder.path('work');
    await letters(at);
    const given = ['plan', 'letters.merf', '--arm', 'merf'];
    const { stdout, stderr } = await start(at, [...given, '--format', 'json'], environment()).ended;
    assert.equal(stderr, '');
    const { devices, arms } = Plan.parse(JSON.parse(stdout));
    const cards = devices.filter(({ kind }) => kind === 'graphics').slice(0, 2);
    assert.deepEqual(
      cards.map(({ name, trains, free }) => [name, trains, free]),
      [
        ['NVIDIA H100 80GB HBM3', false, 81_004 * MIB],
        ['NVIDIA T400 4GB', false, 16 * MIB],
      ],
    );
    assert.deepEqual(
      arms[0]?.rooms.slice(0, 3).map(({ fits }) => fits),
      [true, true, false],
    );
    const text = (await start(at, given, environment()).ended).stdout;
    assert.match(
      text,
      /^CPU {2}.* free; \d+ of \d+ threads, .*measured now\nGPU {2}NVIDIA H100 80GB HBM3: 79\.6 GiB of memory, 79\.1 GiB free\n/,
    );
    assert.match(text, /\n {5}Training runs on the CPU; it cannot use a GPU\.\n/);
    assert.match(
      text,
      /fits on the CPU\n {10}would fit on NVIDIA H100 80GB HBM3\n {10}would not fit on NVIDIA T400 4GB\n/,
    );
    const japanese = (await start(at, [...given, '--lang', 'ja'], environment()).ended).stdout;
    assert.match(japanese, /学習は CPU で行います。GPU は学習に使えません。/);
  });

  it('has them in the findings of the doctor, each under a name of its own', async () => {
    const { stdout } = await start(folder.path('.'), ['doctor', '--format', 'json'], environment()).ended;
    const cards = Findings.parse(JSON.parse(stdout)).filter(({ name }) => name.startsWith('GPU'));
    assert.deepEqual(
      cards.slice(0, 2).map(({ name, state }) => [name, state]),
      [
        ['GPU 1', 'NVIDIA H100 80GB HBM3, 79.6 GiB, 79.1 GiB free'],
        ['GPU 2', 'NVIDIA T400 4GB, 4.0 GiB, 16 MiB free'],
      ],
    );
  });
});
