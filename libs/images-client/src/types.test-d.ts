// Checked by the compiler only: that it compiles is the test.
import { toAddress } from './address.ts';
import { toImg, toPicture } from './attributes.ts';
import type { Edits } from './edits.ts';
import { toQueryAddress } from './query-address.ts';
import { signAddress } from './sign-address.ts';
import { toThumborAddress } from './thumbor-address.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

const picture = { key: 'a.jpg' };
const own = { width: 4, height: 3 };

toAddress(picture, { width: 3, height: 4, fit: 'contain', position: 'attention', roundCrop: { rx: 3 }, smartCrop: true });
// @ts-expect-error: a picture has a key
toAddress({ bucket: 'pictures' });
// @ts-expect-error: an edit that is not known
toAddress(picture, { resise: 3 });
// @ts-expect-error: libvips turns by any angle, a page by right ones
toAddress(picture, { rotate: 45 });
// @ts-expect-error: the service writes no HEIC
toAddress(picture, { format: 'heic' });
// @ts-expect-error: with one side there is nothing to fit
toAddress(picture, { width: 3, fit: 'inside' });
// @ts-expect-error: nor anything to cut
toAddress(picture, { height: 3, position: 'top' });

toThumborAddress(picture, { width: 3, height: 4, fit: 'fill', blur: 3, quality: 50 });
// @ts-expect-error: Thumbor fills the frame with a colour, and has no other way to say it
toThumborAddress(picture, { width: 3, height: 4, fit: 'contain' });
// @ts-expect-error: it would be turned after it was put into its frame
toThumborAddress(picture, { width: 3, rotate: 90 });
toQueryAddress(picture, { width: 3, height: 4, fit: 'contain', format: 'auto', grayscale: true });
toQueryAddress(picture, { quality: 50, policyId: 'card' });
toQueryAddress(picture, { width: 3, height: 4, focal: [0.5, 0.2] });
// @ts-expect-error: with one side there is nothing to cut
toQueryAddress(picture, { width: 3, focal: [0.5, 0.2] });
// @ts-expect-error: a query has no word for it
toQueryAddress(picture, { roundCrop: true });
declare const edits: Edits;
// @ts-expect-error: there may be edits among them that a query cannot say
toQueryAddress(picture, edits);
// @ts-expect-error: nor can Thumbor
toThumborAddress(picture, edits);

const address = (width: number) => toAddress(picture, { width });
holds<Equal<ReturnType<typeof toImg>['loading'], 'lazy' | 'eager'>>();
toPicture((width, format) => toAddress(picture, { width, format }), { own, width: 3 }, ['avif']);
// @ts-expect-error: without its own size nobody knows which widths are too many
toImg(address, { width: 3 });
// @ts-expect-error: no such way to load
toImg(address, { own, loading: 'auto' });
// @ts-expect-error: an instant, not how long
signAddress('/a.jpg', 'secret', { expires: 3600 });
