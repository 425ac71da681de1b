import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { ImageError } from '../image-error.ts';
import { timedOut } from './libvips.ts';
import { type Limits, type Size, tooLarge } from './limits.ts';

/** The size that an SVG is wanted in; what is left open follows from it. */
export type Wanted = Partial<Size>;

/** What the other process answers with, when it is not pixels. */
const isTooLarge = 3;

/**
 * Draws an SVG: its pixels in an uncompressed TIFF, in the size that is wanted or its own.
 *
 * An SVG is a program, and librsvg does not let itself be interrupted: half a kilobyte keeps it busy for minutes. So it is drawn in a process of its own, with
 * neither environment nor credentials, which is killed when the time is over. librsvg loads nothing from elsewhere and runs no scripts.
 *
 * @throws {ImageError} `TimeoutException`, `TooLargeImageException`, or `InstantiationError` when it is no SVG.
 */
export function drawSvg(
  svg: Uint8Array,
  { wanted = {}, limits, seconds }: { wanted?: Wanted | undefined; limits: Limits; seconds: number },
): Promise<Buffer> {
  const { outputPixels, outputSide } = limits;
  const sharp = createRequire(import.meta.url).resolve('sharp');
  const task = JSON.stringify({ sharp, wanted, outputPixels, outputSide });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const child = spawn(process.execPath, ['-e', `(${program.toString()})(process, require, ${task})`], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
  // A process that ended early does not read; why it did shows in how it ended.
  child.stdin.on('error', () => undefined);
  child.on('error', (cause) => reject(new ImageError('ProcessingFailure', 'Image processing failed.', { cause })));
  child.on('close', (code, signal) => {
    if (code === 0) resolve(Buffer.concat(chunks));
    else if (signal === 'SIGKILL') reject(timedOut());
    else if (code === isTooLarge) reject(tooLarge('The SVG is larger than a result may be: ask for a width or a height.'));
    else reject(new ImageError('InstantiationError', 'The SVG could not be drawn.'));
  });
  child.stdin.end(svg);
  return promise;
}

/** Runs in the other process, which knows nothing but what it is given here. */
function program(
  { stdin, stdout, exit }: NodeJS.Process,
  load: NodeJS.Require,
  task: { sharp: string; wanted: Wanted; outputPixels: number; outputSide: number },
): void {
  const sharp = load(task.sharp) as typeof import('sharp').default;
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  const chunks: Buffer[] = [];
  const draw = async () => {
    const svg = Buffer.concat(chunks);
    const own = await sharp(svg, { limitInputPixels: false }).metadata();
    const scale = Math.max((task.wanted.width ?? 0) / own.width, (task.wanted.height ?? 0) / own.height) || 1;
    const [width, height] = [Math.max(1, Math.round(own.width * scale)), Math.max(1, Math.round(own.height * scale))];
    if (width > task.outputSide || height > task.outputSide || width * height > task.outputPixels) exit(3);
    const drawn = sharp(svg, { limitInputPixels: false }).resize({ width, height, fit: 'fill' }).ensureAlpha();
    return drawn.tiff({ compression: 'none' }).toBuffer();
  };
  stdin.on('data', (chunk: Buffer) => void chunks.push(chunk));
  stdin.on('end', () => {
    draw().then(
      (tiff) => stdout.write(tiff),
      () => exit(1),
    );
  });
}
