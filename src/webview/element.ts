// Making elements. Everything that is shown goes in as text nodes and attributes, never as markup: what a model wrote
// is hostile input.

type Child = Node | string | null;

export interface Attributes {
  class?: string;
  title?: string;
  role?: string;
  tabindex?: number;
  for?: string;
  id?: string;
  scope?: string;
  colspan?: number;
  dir?: 'auto';
  hidden?: boolean;
  /** `aria-label`, `data-kind`, … */
  [name: `aria-${string}`]: string | undefined;
  [name: `data-${string}`]: string | undefined;
}

/** `element('div', { class: 'row' }, 'text', child)`. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/** A button with a click handler; `label` is read aloud when the content is only a sign. */
export function button(content: Child, options: Attributes, click: (event: MouseEvent) => void): HTMLButtonElement {
  const made = element('button', options, content);
  made.type = 'button';
  made.addEventListener('click', click);
  return made;
}

/** A drop-down of choices with a visible label. */
export function choice<V extends string>(
  label: string,
  options: readonly { value: V; label: string }[],
  value: V,
  change: (value: V) => void,
): HTMLLabelElement {
  const select = element('select');
  for (const option of options) {
    const item = element('option', {}, option.label);
    item.value = option.value;
    item.selected = option.value === value;
    select.append(item);
  }
  select.addEventListener('change', () => {
    const chosen = options[select.selectedIndex];
    if (chosen) change(chosen.value);
  });
  return element('label', { class: 'field' }, element('span', {}, label), select);
}

/** A check box with its label. */
export function toggle(label: string, value: boolean, change: (value: boolean) => void): HTMLLabelElement {
  const box = element('input');
  box.type = 'checkbox';
  box.checked = value;
  box.addEventListener('change', () => change(box.checked));
  return element('label', { class: 'field toggle' }, box, element('span', {}, label));
}

/** A search box that calls back shortly after the typing stops. */
export function searchBox(placeholder: string, value: string, change: (value: string) => void): HTMLInputElement {
  const box = element('input', { class: 'search', 'aria-label': placeholder });
  box.type = 'search';
  box.placeholder = placeholder;
  box.value = value;
  let timer = 0;
  box.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => change(box.value), 120);
  });
  return box;
}
