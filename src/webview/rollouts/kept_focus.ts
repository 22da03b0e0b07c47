// A part that is drawn anew while somebody is in it: its control of the same name has the focus again afterwards.

export function keepFocus(part: HTMLElement, draw: () => void): void {
  const active = document.activeElement;
  const focused = active && part.contains(active) ? nameOf(active) : null;
  draw();
  if (focused === null) return;
  const controls = part.querySelectorAll<HTMLElement>('button:not(:disabled), select, input, textarea');
  [...controls].find((control) => nameOf(control) === focused)?.focus();
}

function nameOf(control: Element): string {
  const label = control.getAttribute('aria-label') ?? control.parentElement?.querySelector('span')?.textContent;
  return `${control.tagName} ${label ?? control.textContent}`;
}
