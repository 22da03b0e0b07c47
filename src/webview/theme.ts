// The theme as a canvas needs it: colours that CSS variables have now, and when they change.

/** The colour a CSS variable has now, as a canvas understands it. */
export function resolved(variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Calls back when the colours may have changed: VS Code's theme, or the system's light and dark. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
