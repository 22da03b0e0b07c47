// The themes a panel meets in VS Code: the body's classes and the colours that the panels read, as the standard themes
// set them (Default Light Modern, Default Dark Modern, and the two high contrast ones, VS Code 1.100). The editor gives
// them to a webview as variables on its root, and so do the tests.

import type { Page } from 'playwright-core';

interface Theme {
  bodyClass: string;
  colorScheme: 'light' | 'dark';
  colours: Readonly<Record<string, string>>;
}

export const themes = {
  light: {
    bodyClass: 'vscode-light',
    colorScheme: 'light',
    colours: {
      'editor-background': '#ffffff',
      'editorWidget-background': '#f8f8f8',
      'editorWidget-border': '#c8c8c8',
      foreground: '#3b3b3b',
      descriptionForeground: '#3b3b3b',
      focusBorder: '#005fb8',
      'textLink-foreground': '#005fb8',
      'input-background': '#ffffff',
      'input-foreground': '#3b3b3b',
      'input-border': '#cecece',
      'button-secondaryBackground': '#e5e5e5',
      'button-secondaryForeground': '#3b3b3b',
      'button-secondaryHoverBackground': '#cccccc',
      'list-hoverBackground': '#f2f2f2',
    },
  },
  dark: {
    bodyClass: 'vscode-dark',
    colorScheme: 'dark',
    colours: {
      'editor-background': '#1f1f1f',
      'editorWidget-background': '#202020',
      'editorWidget-border': '#454545',
      foreground: '#cccccc',
      descriptionForeground: '#9d9d9d',
      focusBorder: '#0078d4',
      'textLink-foreground': '#4daafc',
      'input-background': '#313131',
      'input-foreground': '#cccccc',
      'input-border': '#3c3c3c',
      'button-secondaryBackground': '#313131',
      'button-secondaryForeground': '#cccccc',
      'button-secondaryHoverBackground': '#3c3c3c',
      'list-hoverBackground': '#2a2d2e',
    },
  },
  'high contrast dark': {
    bodyClass: 'vscode-high-contrast',
    colorScheme: 'dark',
    colours: {
      'editor-background': '#000000',
      'editorWidget-background': '#0c141f',
      'editorWidget-border': '#6fc3df',
      contrastBorder: '#6fc3df',
      foreground: '#ffffff',
      descriptionForeground: 'rgba(255, 255, 255, 0.7)',
      focusBorder: '#f38518',
      'textLink-foreground': '#21a6ff',
      'input-background': '#000000',
      'input-foreground': '#ffffff',
      'input-border': '#6fc3df',
      'button-secondaryBackground': '#000000',
      'button-secondaryForeground': '#ffffff',
      'list-hoverBackground': 'rgba(255, 255, 255, 0.1)',
    },
  },
  'high contrast light': {
    // the editor gives both, for old extensions
    bodyClass: 'vscode-high-contrast-light vscode-high-contrast',
    colorScheme: 'light',
    colours: {
      'editor-background': '#ffffff',
      'editorWidget-background': '#ffffff',
      'editorWidget-border': '#0f4a85',
      contrastBorder: '#0f4a85',
      foreground: '#292929',
      descriptionForeground: 'rgba(41, 41, 41, 0.7)',
      focusBorder: '#006bbd',
      'textLink-foreground': '#0f4a85',
      'input-background': '#ffffff',
      'input-foreground': '#292929',
      'input-border': '#0f4a85',
      'button-secondaryBackground': '#ffffff',
      'button-secondaryForeground': '#292929',
      'list-hoverBackground': 'rgba(15, 74, 133, 0.1)',
    },
  },
} as const satisfies Record<string, Theme>;

export type ThemeName = keyof typeof themes;
export const themeNames: readonly ThemeName[] = ['light', 'dark', 'high contrast dark', 'high contrast light'];

/** Gives an open page a theme, as the editor does when the person changes it. */
export async function dress(page: Page, name: ThemeName): Promise<void> {
  const { bodyClass, colorScheme, colours } = themes[name];
  await page.emulateMedia({ colorScheme });
  await page.evaluate(`{
    document.documentElement.removeAttribute('style');
    for (const [name, colour] of Object.entries(${JSON.stringify(colours)}))
      document.documentElement.style.setProperty('--vscode-' + name, colour);
    document.body.className = ${JSON.stringify(bodyClass)};
  }`);
}
