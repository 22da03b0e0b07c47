// What programs and files of an operating system say of its graphics cards, read into one form: NVIDIA's nvidia-smi
// (any system), Linux's /sys/class/drm, macOS's system_profiler, and Windows's registry by PowerShell. What cannot be
// understood is left out: a card is never guessed. Left out: virtual adapters and a server's console chip.

import { z } from 'zod';

export interface GraphicsCard {
  name: string;
  /** Of its own memory; null: not known. */
  bytes: number | null;
  /** Of those; null: not known. */
  free: number | null;
  /** Whether it works in the computer's memory and has none of its own. */
  isShared: boolean;
}

const MEBIBYTE = 2 ** 20;

/** What is asked of nvidia-smi. */
export const NVIDIA_QUERY = ['--query-gpu=name,memory.total,memory.free', '--format=csv,noheader,nounits'] as const;

/** `NVIDIA H100 80GB HBM3, 81559, 81004`: a line each, in MiB; a chip that shares the computer's memory says `[N/A]`. */
export function readNvidiaSmi(output: string): GraphicsCard[] {
  return output.split(/\r?\n/).flatMap((line): GraphicsCard[] => {
    const fields = line.split(',').map((field) => field.trim());
    const [name = '', total = '', free = ''] = [fields.slice(0, -2).join(', '), ...fields.slice(-2)];
    if (name === '') return [];
    const bytes = (text: string) => (/^\d+$/.test(text) ? Number(text) * MEBIBYTE : null);
    return [{ name, bytes: bytes(total), free: bytes(free), isShared: total.startsWith('[') }];
  });
}

/** Makers of PCI devices that compute: https://pci-ids.ucw.cz. */
const MAKERS: ReadonlyMap<string, string> = new Map([
  ['0x1002', 'AMD'],
  ['0x10de', 'NVIDIA'],
  ['0x8086', 'Intel'],
]);

/** A folder of /sys/class/drm: the texts of its files, '' where there is none. amdgpu writes the memory. */
export interface DrmCard {
  vendor: string;
  device: string;
  mem_info_vram_total: string;
  mem_info_vram_used: string;
}

/** null: no card that computes. */
export function readDrm(card: DrmCard): GraphicsCard | null {
  const maker = MAKERS.get(card.vendor.trim());
  if (maker === undefined) return null;
  const number = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : null);
  const [bytes, used] = [number(card.mem_info_vram_total), number(card.mem_info_vram_used)];
  const free = bytes === null || used === null ? null : Math.max(0, bytes - used);
  return { name: `${maker} GPU ${card.device.trim()}`, bytes, free, isShared: false };
}

const Profile = z.object({
  SPDisplaysDataType: z.array(
    z.object({
      sppci_model: z.string(),
      spdisplays_vendor: z.string().optional(),
      spdisplays_vram: z.string().optional(),
    }),
  ),
});

/** `system_profiler SPDisplaysDataType -json`. Apple's chips have no memory of their own. */
export function readSystemProfiler(output: string): GraphicsCard[] {
  const parsed = Profile.safeParse(json(output));
  if (!parsed.success) return [];
  return parsed.data.SPDisplaysDataType.map(
    ({ sppci_model: name, spdisplays_vendor: vendor, spdisplays_vram: vram }) => {
      const [, count, unit] = /^(\d+) (MB|GB)$/.exec(vram ?? '') ?? [];
      const bytes = count === undefined ? null : Number(count) * (unit === 'GB' ? 2 ** 30 : MEBIBYTE);
      return { name, bytes, free: null, isShared: bytes === null && /apple/i.test(`${vendor} ${name}`) };
    },
  );
}

/**
 * Adapters that are there, with the memory that the registry has of the driver of that name: Win32_VideoController's
 * own number ends at 4 GiB.
 */
export const WINDOWS_SCRIPT = `
$m = @{}
Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0*' -ErrorAction SilentlyContinue |
  ForEach-Object { if ($_.DriverDesc) { $m[$_.DriverDesc] = $_.'HardwareInformation.qwMemorySize' } }
ConvertTo-Json -Compress -InputObject @(Get-CimInstance Win32_VideoController | ForEach-Object { @{ name = $_.Name; bytes = $m[$_.Name] } })
`;

const Controllers = z.array(z.object({ name: z.string(), bytes: z.number().nullable() }));

/** What WINDOWS_SCRIPT prints. */
export function readVideoControllers(output: string): GraphicsCard[] {
  const parsed = Controllers.safeParse(json(output));
  if (!parsed.success) return [];
  return parsed.data
    .filter(({ name }) => /nvidia|geforce|quadro|amd|radeon|intel|qualcomm|adreno/i.test(name))
    .map(({ name, bytes }) => ({ name, bytes: bytes === 0 ? null : bytes, free: null, isShared: false }));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
