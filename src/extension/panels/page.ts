// The HTML of a panel: a script and a style sheet from dist/webview, and nothing else may load or run. Pure, so that
// the browser tests open exactly this page.

import { escaped } from '../../spec/markup.ts';

export interface PageParts {
  title: string;
  language: string;
  /** Where scripts and styles may come from, as the webview names it. */
  source: string;
  script: string;
  style: string;
  /** A fresh random text; only the script tag that carries it runs. */
  nonce: string;
}

export function pageOf({ title, language, source, script, style, nonce }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `style-src ${source}`,
    `font-src ${source}`,
    `img-src ${source} data:`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(style)}">
</head>
<body>
<script nonce="${escaped(nonce)}" type="module" src="${escaped(script)}"></script>
</body>
</html>
`;
}
