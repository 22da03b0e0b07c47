// The arm that a line of a .merf file is about: the one it stands in, or the first that reads the motivation it stands
// in. Read off the lines, so that it also works in a file with errors.

const HEAD =
  /^(experiment|import|task|prompt|response|verifier|judge|reward|motivation|arm|train|stage|watch|example)\b\s*(\w*)/;

/** null: the line belongs to no arm of its own. */
export function armAt(
  text: string,
  line: number,
  arms: readonly { name: string; motivation: string | null }[],
): string | null {
  const lines = text.split('\n').slice(0, line + 1);
  for (const each of lines.reverse()) {
    const [, section, name = ''] = HEAD.exec(each) ?? [];
    if (section === undefined) continue;
    if (section === 'arm' && name !== '') return name;
    const reader = section === 'motivation' ? arms.find(({ motivation }) => motivation === name) : undefined;
    return reader?.name ?? null;
  }
  return null;
}
