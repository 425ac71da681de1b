import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * Starts the machine's Chromium, without a window. It finds `*.localhost` by itself. Where there is none it is installed, which takes minutes and is done on Debian and
 * Ubuntu by root only.
 *
 * @throws Error that says how to get one.
 */
export function openBrowser(): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  // Containers seldom allow the sandbox; what is opened here is our own.
  return chromium.launch({
    executablePath: findChromium() ?? installChromium(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...quiet],
  });
}

function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere].find((path) => existsSync(path));
}

function installChromium(): string {
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    for (const words of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']])
      spawnSync('apt-get', words, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        timeout: 240_000,
      });
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error('This test needs Chromium or Chrome: install one (on Debian with `apt-get install chromium`) and run it again.');
}
