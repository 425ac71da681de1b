import { type MoreEdit, toControl } from './more-edits.ts';

/** The body of the page. Names of controls are those of `Choice` in addresses.ts, and of the edits. */
export const toBody = (more: readonly MoreEdit[]): string => `
<header>
  <p class="brand"><span aria-hidden="true" class="leaf"></span>Larder <b>Images</b></p>
  <p class="claim">Any picture, in any size and format, by its address.</p>
</header>
<main>
  <section class="show" aria-labelledby="show-title">
    <h1 id="show-title" class="unseen">A picture, before and after</h1>
    <div class="choose">
      <fieldset class="pictures"><legend>Picture</legend><div id="pictures"></div></fieldset>
      <label class="drop" id="drop"><input type="file" id="file" accept="image/*"><strong>Drop your own</strong><span>or choose a file, up to 40 MB</span></label>
    </div>
    <p id="sent" role="status" class="note">The pictures are coming …</p>
    <div class="stage" id="stage" aria-busy="true">
      <img id="before" alt="Before: the picture as it is">
      <img id="after" alt="After: the picture as it was asked for">
      <input type="range" id="split" min="0" max="100" value="50" aria-label="How much of the picture before is shown, in per cent">
      <div class="handle" aria-hidden="true"></div>
      <span class="tag left" aria-hidden="true">Before</span><span class="tag right" aria-hidden="true">After</span>
    </div>
    <p id="problem" role="alert"></p>
    <dl class="facts">
      <div><dt>Before</dt><dd id="before-bytes">–</dd><dd id="before-size"></dd><dd id="before-time"></dd></div>
      <div><dt>After</dt><dd id="after-bytes">–</dd><dd id="after-size"></dd><dd id="after-time"></dd></div>
      <div class="gain"><dt id="saved-name">Saved</dt><dd id="saved">–</dd><dd>of the bytes</dd></div>
    </dl>
    <section class="addresses" aria-labelledby="addresses-title">
      <h2 id="addresses-title">Its address</h2>
      <div><label for="json">Base64 JSON</label><input id="json" readonly><button type="button" data-copies="json">Copy<span class="unseen"> the address as Base64 JSON</span></button></div>
      <div><label for="thumbor">Thumbor</label><input id="thumbor" readonly aria-describedby="unsaid"><button type="button" data-copies="thumbor">Copy<span class="unseen"> the address as a path of Thumbor</span></button></div>
      <p id="unsaid" class="note"></p>
      <div><label for="query">Query on top</label><input id="query" readonly><button type="button" data-copies="query">Copy<span class="unseen"> the address with a query on top</span></button></div>
      <p id="told" role="status" class="note"></p>
    </section>
  </section>
  <form id="edits" aria-label="Edits" autocomplete="off">
    <fieldset><legend>Size</legend>
      <div class="pair"><label>Width<input type="number" name="width" min="1" max="4096" value="900" inputmode="numeric"></label>
      <label>Height<input type="number" name="height" min="1" max="4096" placeholder="auto" inputmode="numeric"></label></div>
      <label>Fit<select name="fit"><option value="inside">inside (fit-in)<option>cover<option>contain<option value="fill">fill (stretch)<option>outside</select></label>
      <label class="tick"><input type="checkbox" name="focused">Focal point, kept when it is cut</label>
      <div class="pair"><label>Focal x <span class="value" aria-hidden="true"></span><input type="range" name="focalX" min="0" max="100" value="50" data-unit=" %" data-off=""></label>
      <label>Focal y <span class="value" aria-hidden="true"></span><input type="range" name="focalY" min="0" max="100" value="50" data-unit=" %" data-off=""></label></div>
    </fieldset>
    <fieldset><legend>Format</legend>
      <label>Format<select name="format"><option value="auto">auto, by what is accepted<option value="avif">AVIF<option value="webp">WebP<option value="jpeg">JPEG<option value="png">PNG<option value="gif">GIF</select></label>
      <label>Quality <span class="value" aria-hidden="true"></span><input type="range" name="quality" min="1" max="100" value="75"></label>
    </fieldset>
    <fieldset><legend>Turn</legend>
      <label>Rotate <span class="value" aria-hidden="true"></span><input type="range" name="rotate" min="0" max="345" step="15" value="0" data-unit="°"></label>
      <div class="pair"><label class="tick"><input type="checkbox" name="flip">Flip</label><label class="tick"><input type="checkbox" name="flop">Flop</label></div>
    </fieldset>
    <fieldset><legend>Look</legend>
      <label class="tick"><input type="checkbox" name="grayscale">Grayscale</label>
      <label>Blur <span class="value" aria-hidden="true"></span><input type="range" name="blur" min="0" max="20" step="0.5" value="0"></label>
      <label>Sharpen <span class="value" aria-hidden="true"></span><input type="range" name="sharpen" min="0" max="10" step="1" value="0"></label>
      <div class="pair"><label class="tick"><input type="checkbox" name="filled">Background</label><input type="color" name="background" value="#f4c95d" aria-label="Colour of the background"></div>
    </fieldset>
    <fieldset><legend>Cut</legend>
      <div class="pair"><label class="tick"><input type="checkbox" name="round">Round crop</label><label class="tick"><input type="checkbox" name="smart">Smart crop</label></div>
      <p class="note" id="smart-note">Smart crop keeps what catches the eye: give it a width, a height and the fit “cover”.</p>
      <label class="tick"><input type="checkbox" name="cropped">Crop to an area, in pixels of the original</label>
      <div class="pair"><label>Left<input type="number" name="left" min="0" value="0" inputmode="numeric"></label><label>Top<input type="number" name="top" min="0" value="0" inputmode="numeric"></label></div>
      <div class="pair"><label>Width<input type="number" name="areaWidth" min="1" value="800" inputmode="numeric"></label><label>Height<input type="number" name="areaHeight" min="1" value="800" inputmode="numeric"></label></div>
    </fieldset>
    <details><summary>More edits, which only JSON has words for</summary>
      <fieldset class="more">${more.map(toControl).join('\n      ')}</fieldset>
    </details>
    <button type="reset">Start over</button>
  </form>
</main>`;
