// `merf prompt FILE --arm A --row N`: the whole prompt of a row, as the arm's model reads it where its folder is here.

import { type Command, Option } from 'commander';
import { type Message, renderPrompt } from '../../motivation/prompt.ts';
import { MerfError } from '../../spec/error.ts';
import { findArm, findRow, type Split, wholeNumber } from '../arm.ts';
import { readChatTemplate } from '../chat_template.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';

interface PromptOptions {
  arm?: string;
  row: number;
  split: Split;
  json?: boolean;
  serve?: boolean;
}

export function registerPrompt(program: Command): void {
  program
    .command('prompt')
    .description('Print the chat prompt of a row under an arm.')
    .argument('[file]', 'the .merf file')
    .option('--arm <arm>', 'the arm (may be left out when there is one)')
    .option('--row <number>', 'which row, from 0', wholeNumber('row'), 0)
    .addOption(new Option('--split <split>', 'of which rows').choices(['train', 'test']).default('train'))
    .option('--json', 'print the messages as JSON instead of the text the model reads')
    .option('--serve', 'answer an editor: questions come as JSON lines, and so do answers')
    .action(async (file: string | undefined, options: PromptOptions) => {
      if (options.serve) {
        const { servePrompts } = await import('../prompt_server.ts');
        return servePrompts();
      }
      if (file === undefined) throw new MerfError('No file is named.', 'Write merf prompt FILE.');
      const spec = await loadSpecification(file);
      const arm = findArm(spec, options.arm);
      const { loadTask } = await import('../../task/registry.ts');
      const row = findRow(await loadTask(spec.task, file), options.split, options.row);
      const messages = renderPrompt(spec, arm.name, row);
      if (options.json) return print(`${JSON.stringify(messages, null, 2)}\n`);
      const template = readChatTemplate(arm.train.model, file);
      if (template !== null) return print(template.render(messages));
      process.stderr.write(
        `merf: The model ${arm.train.model} is not on this machine, so its chat template is not known; these are the messages.\n`,
      );
      await print(messages.map(plainMessage).join('\n'));
    });
}

function plainMessage({ role, content }: Message): string {
  return `── ${role}\n${content}\n`;
}
