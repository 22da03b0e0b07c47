// A part that is drawn anew while somebody is in it: its control of the same name has the focus again afterwards, and a
// note that is being written goes on where it was.

const CONTROLS = 'button:not(:disabled), select, input, textarea, summary, [tabindex]';

export function keepFocus(part: HTMLElement, draw: () => void): void {
  const active = document.activeElement;
  const focused = active && part !== active && part.contains(active) ? nameOf(active) : null;
  draw();
  if (focused === null) return;
  const controls = part.querySelectorAll<HTMLElement>(CONTROLS);
  const again = [...controls].find((control) => nameOf(control) === focused);
  if (active instanceof HTMLTextAreaElement && again instanceof HTMLTextAreaElement) {
    again.value = active.value;
    again.setSelectionRange(active.selectionStart, active.selectionEnd);
  }
  again?.focus();
}

function nameOf(control: Element): string {
  const label = control.getAttribute('aria-label') ?? control.closest('label')?.querySelector('span')?.textContent;
  return `${control.tagName} ${label ?? control.textContent}`;
}
