// `merf lsp`: the language server over standard input and output, for any editor that speaks LSP (docs/other-editors.md).

import type { Command } from 'commander';

export function registerLsp(program: Command): void {
  program
    .command('lsp')
    .description('Serve an editor over the Language Server Protocol (standard input and output).')
    .option('--stdio', 'what it does anyway; some editors add it')
    .action(async () => {
      const { serveLanguage } = await import('../language_server.ts');
      serveLanguage();
    });
}
