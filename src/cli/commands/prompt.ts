import type { Command } from 'commander';

export function registerPrompt(_program: Command): void {}
