// What `merf plan` found, as a person reads it: the devices, then each arm with its memory, tokens and time, where it has
// room, and what to change where it has none.

import { type MemoryPart, showBytes } from '../spec/memory_estimate.ts';
import type { Remedy } from '../training/memory_remedies.ts';
import type { PlannedArm, PlanReport } from './commands/plan.ts';
import type { Device } from './devices/devices.ts';
import { duration } from './progress.ts';
import type { Say } from './say.ts';

export function planText({ devices, threads, speed, arms }: PlanReport, say: Say): string {
  const gigaflops = (speed / 1e9).toFixed(0);
  const lines = devices.map((device) => {
    const memory = memoryOf(device, say);
    if (device.kind === 'graphics') return `GPU  ${device.name}: ${memory}`;
    return say(
      `CPU  ${device.name}: ${memory}; ${threads.used} of ${threads.all} threads, ${gigaflops} GFLOP/s in matrix products, measured now`,
      `CPU  ${device.name}: ${memory}、スレッド ${threads.all} 本中 ${threads.used} 本、行列積は今 ${gigaflops} GFLOP/s`,
    );
  });
  lines.push(
    devices.some(({ kind }) => kind === 'graphics')
      ? say(
          '     Training runs on the CPU; it cannot use a GPU.',
          '     学習は CPU で行います。GPU は学習に使えません。',
        )
      : say(
          '     No GPU was found; training runs on the CPU.',
          '     GPU は見つかりませんでした。学習は CPU で行います。',
        ),
  );
  return [`${lines.join('\n')}\n`, ...arms.map((arm) => armText(arm, devices, say))].join('\n');
}

function memoryOf({ bytes, free }: Device, say: Say): string {
  if (bytes === null) return say('memory not known', 'メモリー容量は不明');
  const all = showBytes(bytes);
  if (free === null) return say(`${all} of memory`, `メモリー ${all}`);
  return say(`${all} of memory, ${showBytes(free)} free`, `メモリー ${all} (空き ${showBytes(free)})`);
}

function armText(arm: PlannedArm, devices: readonly Device[], say: Say): string {
  const { memory, tokens, seconds, seeds } = arm;
  const millions = (arm.parameters / 1e6).toFixed(1);
  const [step, one, all] = [seconds.step, seconds.run, seconds.run * seeds.length].map((time) => duration(time));
  const evaluations = duration(seconds.evaluation);
  const isMany = seeds.length > 1;
  const lines = [
    say(
      `${arm.arm}  ${arm.steps} steps, ${isMany ? 'seeds' : 'seed'} ${seeds.join(', ')}, model ${arm.model} (${millions} million parameters)`,
      `${arm.arm}  ${arm.steps} ステップ、シード ${seeds.join('、')}、モデル ${arm.model} (${millions} 百万パラメーター)`,
    ),
    say(
      `  memory  ${showBytes(memory.peak)}: ${sum(memory.held)} all the time, ${sum(memory.generation)} more to write responses, ${sum(memory.update)} to learn`,
      `  メモリー  ${showBytes(memory.peak)}: 常に ${sum(memory.held)}、応答の生成に ${sum(memory.generation)}、更新に ${sum(memory.update)}`,
    ),
    ...arm.rooms.map((room, i) => `          ${roomText(room, devices[i], say)}`),
    say(
      `  tokens  at most ${count(tokens.step)} a step, ${count(tokens.run)} a seed (prompts of up to ${arm.promptTokens})`,
      `  トークン  1 ステップに最大 ${count(tokens.step)}、1 シードに最大 ${count(tokens.run)} (プロンプトは最大 ${arm.promptTokens})`,
    ),
    say(
      `  time    at most about ${step} a step, ${one} a seed${isMany ? `, ${all} for all` : ''}${seconds.evaluation > 0 ? ` (evaluations: ${evaluations})` : ''}`,
      `  時間  1 ステップに最大およそ ${step}、1 シードに ${one}${isMany ? `、全部で ${all}` : ''}${seconds.evaluation > 0 ? ` (うち評価 ${evaluations})` : ''}`,
    ),
  ];
  if (arm.recomputes) {
    lines.push(
      say(
        '  blocks are computed again for their gradients, for want of room to keep them',
        '  メモリーが足りないため、ブロックを勾配のためにもう一度計算します',
      ),
    );
  }
  return `${[...lines, ...lackText(arm, say)].join('\n')}\n`;
}

function roomText({ fits }: PlannedArm['rooms'][number], device: Device | undefined, say: Say): string {
  const name = device?.name ?? '';
  if (device?.trains)
    return fits === false
      ? say('does not fit on the CPU now', '今の CPU のメモリーには収まりません')
      : say('fits on the CPU', 'CPU のメモリーに収まります');
  if (fits === null) return say(`whether it would fit on ${name} is not known`, `${name} に収まるかは分かりません`);
  return fits
    ? say(`would fit on ${name}`, `${name} のメモリーには収まる大きさです`)
    : say(`would not fit on ${name}`, `${name} のメモリーには収まらない大きさです`);
}

function lackText({ fits, isFree, remedies }: PlannedArm, say: Say): string[] {
  if (fits && isFree) return [];
  const why = fits
    ? say(
        '  There is memory enough, but not so much is free now: end other programs, or change the plan.',
        '  メモリーの総量は足りますが、今の空きは足りません。ほかのプログラムを終えるか、計画を変えてください。',
      )
    : say('  IT DOES NOT FIT.', '  メモリーに収まりません。');
  if (remedies.length === 0) {
    return [
      why,
      say(
        '  No change of the plan is enough: choose a smaller model.',
        '  計画の変更では足りません。小さなモデルを選んでください。',
      ),
    ];
  }
  return [
    why,
    say('  Any of these makes it fit:', '  次のどれか一つで収まります。'),
    ...remedies.map((remedy) => `    ${remedyText(remedy, say)}`),
  ];
}

/** `micro_batch_tokens 512 → 1.4 GiB (now micro_batch_tokens 2048)`. */
function remedyText({ settings, before, peak }: Remedy, say: Say): string {
  const now = before.length === 0 ? '' : say(` (now ${before.join(', ')})`, ` (今は ${before.join('、')})`);
  return `${settings.join(say(', ', '、'))} → ${showBytes(peak)}${now}`;
}

function sum(parts: readonly MemoryPart[]): string {
  return showBytes(parts.reduce((total, { bytes }) => total + bytes, 0));
}

function count(tokens: number): string {
  return Math.round(tokens).toLocaleString('en');
}
