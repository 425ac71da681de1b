import { toAddresses } from './addresses.ts';
import { toBody } from './markup.ts';
import { moreEdits } from './more-edits.ts';
import { script as behaviour } from './script.ts';
import { style } from './style.ts';

/** A sprig of leaves: the one picture of the page that is not served by the service. */
const icon = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f5d3f"/><path d="M8 23C8 12 14 8 24 8c0 10-5 16-16 15z" fill="#f4c95d"/></svg>',
);

const toHtml = (body: string, script: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Larder · Images</title>
<link rel="icon" href="data:image/svg+xml,${icon}">
<style>${style}</style>
</head>
<body>
${body}
<script>${script}</script>
</body>
</html>
`;

/**
 * The page, and the policy under which a browser runs its own style and script and nothing else.
 *
 * @param uploads the origin that it may send pictures to.
 * @param overlay the picture that it lays over others.
 */
export function toPage(
  uploads: string,
  overlay: { readonly bucket: string; readonly key: string },
): { readonly html: string; readonly policy: string } {
  const more = moreEdits(overlay);
  const script = `'use strict';\nconst toAddresses = ${toAddresses.toString()};\nconst moreEdits = ${JSON.stringify(more).replaceAll('<', '\\u003c')};\n${behaviour}`;
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    "img-src 'self' blob: data:",
    `connect-src 'self' ${uploads}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return { html: toHtml(toBody(more), script), policy: policy.join('; ') };
}

function digest(text: string): string {
  return `sha256-${process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('base64')}`;
}
