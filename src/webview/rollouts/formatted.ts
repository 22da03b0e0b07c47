// Markdown and mathematics, which come when a response is first shown so: two thirds of the panel's script and all of its
// fonts, and most people read the text as it was written.

import { element } from '../element.ts';
import type { appendMarkdown } from './markdown.ts';

/** Longest text that is read as Markdown. */
export const LONGEST_MARKDOWN = 100_000;

export type AppendMarkdown = typeof appendMarkdown;

/** The style sheet lies beside the panel's own; a report has it inside. */
export async function loadMarkdown(): Promise<AppendMarkdown> {
  const own = document.querySelector<HTMLLinkElement>('link[rel="stylesheet"]');
  if (own) {
    const style = element('link');
    style.rel = 'stylesheet';
    style.href = new URL('markdown.css', own.href).href;
    document.head.append(style);
  }
  return (await import('./markdown.ts')).appendMarkdown;
}
