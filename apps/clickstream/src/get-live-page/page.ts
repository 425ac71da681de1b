import type { Page } from '@larder/contracts/common';
import { body } from './markup.ts';
import { script as behaviour } from './script.ts';
import { style } from './style.ts';
import { toPath } from './to-path.ts';
import { toTexts } from './to-texts.ts';

const icon = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f5d3f"/><path d="M5 20l6-6 5 4 10-9" fill="none" stroke="#f4c95d" stroke-width="3"/></svg>',
);

const script = `'use strict';\nconst toTexts = ${toTexts.toString()};\nconst toPath = ${toPath.toString()};\n${behaviour}`;

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Larder · Live</title>
<link rel="icon" href="data:image/svg+xml,${icon}">
<style>${style}</style>
</head>
<body>
${body}
<script>${script}</script>
</body>
</html>
`;

const policy = [
  "default-src 'none'",
  `script-src '${digest(script)}'`,
  `style-src '${digest(style)}'`,
  'img-src data:',
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that shows what happens in the shop, and the policy under which a browser runs its own style and script and nothing else. */
export const toPage = (): Page => ({ html, policy });

function digest(text: string): string {
  return `sha256-${process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('base64')}`;
}
