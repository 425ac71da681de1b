const icon = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f5d3f"/><path d="M6 12c4-4 6 4 10 0s6 4 10 0M6 20c4-4 6 4 10 0s6 4 10 0" fill="none" stroke="#f4c95d" stroke-width="3" stroke-linecap="round"/></svg>',
);

/** The shell of the page. Charts are fetched when there is one to draw. */
export const toHtml = ({
  app,
  charts,
  style,
}: {
  readonly app: string;
  readonly charts: string;
  readonly style: string;
}): string => `<!doctype html>
<html lang="en" data-charts="${charts}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Larder · Lake</title>
<link rel="icon" href="data:image/svg+xml,${icon}">
<link rel="stylesheet" href="${style}">
<script type="module" src="${app}"></script>
</head>
<body>
<header>
<p class="brand">Larder <b>Lake</b></p>
<nav id="nav" aria-label="Parts of the lake"></nav>
</header>
<main id="main" tabindex="-1"><noscript><p>This page works by script. The same can be asked of the lake's API.</p></noscript></main>
</body>
</html>
`;
