// Names under which a judge's key or the hub's token is known: in `key "…"` of a .merf file, in the secret storage, in the
// environment.

/** The Hugging Face hub's. */
export const HUB_TOKEN = 'HF_TOKEN';

/** No variable that decides what a process loads or runs can be set in this way. */
export function isKeyName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,99}$/.test(name) && /KEY|TOKEN/.test(name);
}

/** The names in `key "…"` settings of a text. */
export function keyNames(text: string): string[] {
  return [...text.matchAll(/\bkey\s+"([^"\n]*)"/g)].flatMap(([, name = '']) => (isKeyName(name) ? [name] : []));
}
