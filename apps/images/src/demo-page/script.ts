/** What the page does. It is text, because browsers run it, with `toAddresses` before it (page.ts). */
export const script = String.raw`
const $ = (id) => document.getElementById(id);
const form = $('edits');
const shown = { before: undefined, after: undefined };
let picture;
let waiting;
let asking = new AbortController();
let askingBefore = new AbortController();

const whole = (name) => (form.elements[name].value === '' ? undefined : form.elements[name].valueAsNumber);
const ticked = (name) => form.elements[name].checked;

function choice() {
  const crop = { left: whole('left') || 0, top: whole('top') || 0, width: whole('areaWidth') || 1, height: whole('areaHeight') || 1 };
  return {
    key: picture.key,
    width: whole('width'), height: whole('height'), fit: form.elements.fit.value,
    format: form.elements.format.value, quality: whole('quality'),
    rotate: whole('rotate'), flip: ticked('flip'), flop: ticked('flop'),
    grayscale: ticked('grayscale'), blur: whole('blur'), sharpen: whole('sharpen'),
    background: ticked('filled') ? form.elements.background.value : undefined,
    round: ticked('round'), smart: ticked('smart'), crop: ticked('cropped') ? crop : undefined,
    focal: ticked('focused') ? [whole('focalX') / 100, whole('focalY') / 100] : undefined,
    more: more(),
  };
}

function more() {
  const edits = {};
  for (const { edit, kind, off, value, values } of moreEdits) {
    const control = form.elements[edit];
    const on = kind === 'range' ? control.valueAsNumber !== off : kind === 'list' ? control.value !== '' : control.checked;
    if (!on) continue;
    const asked = kind === 'range' ? control.valueAsNumber : kind === 'list' ? values[control.value] : kind === 'colour' ? form.elements[edit + '.colour'].value : value !== false;
    const [name, option] = edit.split('.');
    edits[name] = option === undefined ? asked : { ...edits[name], [option]: asked };
  }
  return edits;
}

/* What an image element would accept: a script that says nothing accepts anything, and is given no AVIF. */
async function load(side, path, signal) {
  const from = performance.now();
  const answer = await fetch(path, { signal, cache: 'no-store', headers: { accept: 'image/avif,image/webp,image/*,*/*;q=0.8' } });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Error((told.code ? told.code + ': ' : '') + (told.message || 'The picture could not be had (' + answer.status + ').'));
  }
  const blob = await answer.blob();
  const time = Math.round(performance.now() - from) + ' ms';
  const image = $(side);
  const address = URL.createObjectURL(blob);
  const seen = new Image();
  seen.src = address;
  const decoded = await seen.decode().then(() => true, () => false);
  if (!decoded || signal.aborted) {
    URL.revokeObjectURL(address);
    throw new Error('This browser cannot show the picture.');
  }
  if (shown[side]) URL.revokeObjectURL(shown[side].address);
  shown[side] = { address, bytes: blob.size };
  image.src = address;
  const kept = (answer.headers.get('x-cache') || '').startsWith('Hit');
  $(side + '-bytes').textContent = readable(blob.size);
  $(side + '-size').textContent = seen.naturalWidth + ' × ' + seen.naturalHeight + ' ' + blob.type.replace('image/', '').toUpperCase();
  $(side + '-time').textContent = time + (kept ? ', from the edge' : '');
  const saved = shown.before && shown.after ? 1 - shown.after.bytes / shown.before.bytes : undefined;
  $('saved').textContent = saved === undefined ? '–' : Math.round(Math.abs(saved) * 100) + ' %';
  $('saved-name').textContent = saved < 0 ? 'Added' : 'Saved';
}

function readable(bytes) {
  return bytes < 1000 ? bytes + ' B' : bytes < 1e6 ? (bytes / 1e3).toFixed(1) + ' kB' : (bytes / 1e6).toFixed(2) + ' MB';
}

async function show(side, path, signal) {
  try {
    await load(side, path, signal);
    if (side === 'after') $('problem').textContent = '';
  } catch (error) {
    if (!signal.aborted) $('problem').textContent = error.message;
  } finally {
    if (!signal.aborted && side === 'after') $('stage').setAttribute('aria-busy', 'false');
  }
}

function update() {
  for (const range of form.querySelectorAll('input[type=range]')) {
    range.parentElement.querySelector('.value').textContent = range.value === (range.dataset.off ?? '0') ? 'off' : range.value + (range.dataset.unit || '');
  }
  form.elements.quality.disabled = ['png', 'gif'].includes(form.elements.format.value);
  form.elements.background.disabled = !ticked('filled');
  for (const name of ['focalX', 'focalY']) form.elements[name].disabled = !ticked('focused');
  for (const { edit, kind } of moreEdits) if (kind === 'colour') form.elements[edit + '.colour'].disabled = !ticked(edit);
  for (const name of ['left', 'top', 'areaWidth', 'areaHeight']) form.elements[name].disabled = !ticked('cropped');
  form.elements.fit.disabled = whole('width') === undefined || whole('height') === undefined;
  if (!picture) return;
  /* What is half typed is no number yet. */
  if (!form.checkValidity()) {
    $('problem').textContent = 'A number is out of its range: ' + form.querySelector(':invalid').closest('label').textContent.trim() + '.';
    return;
  }
  const { json, thumbor, query, unsaid } = toAddresses(choice());
  const paths = { json, thumbor, query };
  for (const name of Object.keys(paths)) $(name).value = location.origin + paths[name];
  $('unsaid').textContent = unsaid.length === 0 ? '' : 'Thumbor has no word for ' + unsaid.join(' and ') + ', so this address goes without.';
  $('told').textContent = '';
  $('stage').setAttribute('aria-busy', 'true');
  clearTimeout(waiting);
  asking.abort();
  asking = new AbortController();
  waiting = setTimeout(show, 200, 'after', json, asking.signal);
}

function choose(chosen) {
  picture = chosen;
  askingBefore.abort();
  askingBefore = new AbortController();
  const as = ['jpeg', 'png', 'webp', 'gif', 'avif'].includes(chosen.format) ? chosen.format : 'png';
  show('before', '/' + chosen.key + '?format=' + as, askingBefore.signal);
  update();
}

function offer(offered, first) {
  const label = document.createElement('label');
  const radio = Object.assign(document.createElement('input'), { type: 'radio', name: 'picture', checked: first });
  const thumbnail = Object.assign(document.createElement('img'), { alt: '', src: '/' + offered.key + '?fit=cover&width=176&height=120&format=auto' });
  label.append(radio, thumbnail, offered.name);
  radio.addEventListener('change', () => choose(offered));
  $('pictures').append(label);
  if (first) choose(offered);
}

/* The hash of no body: CloudFront signs what it sends on to a function with it. */
const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

async function upload(file) {
  $('problem').textContent = '';
  $('sent').textContent = 'Uploading ' + file.name + ' …';
  try {
    if (file.size > 40 * 1024 * 1024) throw new Error('The picture has more than 40 MB.');
    const asked = await fetch('/_demo/uploads?type=' + encodeURIComponent(file.type), { method: 'POST', headers: { 'x-amz-content-sha256': nothing } });
    const answer = await asked.json();
    if (!asked.ok) throw new Error(answer.message);
    const data = new FormData();
    for (const [name, value] of Object.entries(answer.fields)) data.append(name, value);
    data.append('file', file);
    const sent = await fetch(answer.url, { method: 'POST', body: data });
    if (!sent.ok) throw new Error('The picture was not taken (' + sent.status + ').');
    offer({ key: answer.fields.key, name: file.name, format: file.type.replace('image/', '') }, true);
    $('sent').textContent = file.name + ' was uploaded.';
  } catch (error) {
    $('sent').textContent = '';
    $('problem').textContent = error.message;
  }
}

form.addEventListener('input', update);
form.addEventListener('submit', (event) => event.preventDefault());
/* A form is reset after its event. */
form.addEventListener('reset', () => setTimeout(update));
$('split').addEventListener('input', (event) => $('stage').style.setProperty('--split', event.target.value + '%'));
$('file').addEventListener('change', (event) => {
  const [file] = event.target.files;
  if (file) upload(file);
  event.target.value = '';
});
for (const button of document.querySelectorAll('[data-copies]')) {
  button.addEventListener('click', async () => {
    const field = $(button.dataset.copies);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      $('told').textContent = 'Copied: ' + field.labels[0].textContent + '.';
    } catch {
      $('told').textContent = 'The address is selected: copy it with the keyboard.';
    }
  });
}
for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    $('drop').classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
    const [file] = kind === 'drop' ? event.dataTransfer.files : [];
    if (file) upload(file);
  });
}
update();
fetch('/_demo/pictures')
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error('The pictures could not be had (' + answer.status + ').'))))
  .then(({ pictures }) => pictures.forEach((each, place) => offer(each, place === 0)))
  .catch((error) => { $('problem').textContent = error.message; })
  .finally(() => { $('sent').textContent = ''; });
`;
