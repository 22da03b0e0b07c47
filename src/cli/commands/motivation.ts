// `merf motivation FILE`: what the model reads, arm by arm.

import type { Command } from 'commander';
import { motivationText } from '../../motivation/render.ts';
import { findArm } from '../arm.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';

export function registerMotivation(program: Command): void {
  program
    .command('motivation')
    .description('Print what the model reads as its motivation.')
    .argument('<file>', 'the .merf file')
    .option('--arm <arm>', 'of this arm alone, without headings')
    .action(async (file: string, { arm: name }: { arm?: string }) => {
      const spec = await loadSpecification(file);
      if (name !== undefined) {
        const { motivation } = findArm(spec, name);
        const text = motivationText(spec, motivation);
        if (text === '')
          process.stderr.write(`merf: Arm ${name} has no motivation: the model reads nothing of the rules.\n`);
        else await print(ended(text));
        return;
      }
      const section = (heading: string, motivation: string | null): string =>
        `── ${heading}\n${ended(motivationText(spec, motivation))}`;
      const arms = spec.arms.map(({ name: arm, motivation }) => {
        return section(`arm ${arm}: ${motivation === null ? 'no motivation' : `motivation ${motivation}`}`, motivation);
      });
      const unused = spec.motivations
        .filter((one) => !spec.arms.some(({ motivation }) => motivation === one.name))
        .map((one) => section(`motivation ${one.name}: no arm uses it`, one.name));
      await print([...arms, ...unused].join('\n'));
    });
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
