/** Where the colour of skin is in a picture, and how much of the picture it is. */
export interface Skin {
  /** In parts of the picture's sides. */
  readonly box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  /** 0 to 1. */
  readonly share: number;
}

/** Less of the picture than this is no face. */
const leastShare = 0.01;

/** Looks at one pixel of every so many: it is about a box, not about an outline. */
const grid = 128;

/** @param picture red, green and blue by pixel. */
export function findSkin({ data, width, height }: { data: Uint8Array; width: number; height: number }): Skin | undefined {
  const step = Math.max(1, Math.floor(Math.max(width, height) / grid));
  let [left, top, right, bottom, found, seen] = [width, height, 0, 0, 0, 0];
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      seen += 1;
      const at = (y * width + x) * 3;
      if (!isSkin(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)) continue;
      found += 1;
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + step), Math.max(bottom, y + step)];
    }
  }
  const share = found / seen;
  if (share < leastShare) return undefined;
  const [toRight, toBottom] = [Math.min(right, width), Math.min(bottom, height)];
  return { share, box: { left: left / width, top: top / height, width: (toRight - left) / width, height: (toBottom - top) / height } };
}

/** The rule for daylight of Kovač, Peer and Solina, "Human skin colour clustering for face detection" (EUROCON 2003). */
function isSkin(red: number, green: number, blue: number): boolean {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  return red > 95 && green > 40 && blue > 20 && most - least > 15 && Math.abs(red - green) > 15 && red > green && red > blue;
}
