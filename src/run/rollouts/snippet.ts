// One line of a text for a list: of a response what comes after its reasoning, without tags. Pure.

const LENGTH = 120;
const TAG = /<\/?[A-Za-z_][\w-]{0,30}>/g;

export function snippetOf(text: string): string {
  const reasoned = text.lastIndexOf('</think>');
  const answer = reasoned < 0 ? '' : oneLine(text.slice(reasoned, reasoned + 4 * LENGTH));
  if (answer !== '') return answer;
  // reasoning that never ended, or nothing after it: its end says the most
  if (text.startsWith('<think>')) return `…${oneLine(text.slice(-LENGTH))}`;
  return oneLine(text.slice(0, 4 * LENGTH));
}

function oneLine(text: string): string {
  const line = text.replace(TAG, ' ').replace(/\s+/g, ' ').trim();
  return line.length > LENGTH ? `${line.slice(0, LENGTH - 1)}…` : line;
}
