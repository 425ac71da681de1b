/** A picture as it is drawn, and what it is kept as. */
export interface Drawing {
  readonly name: string;
  readonly format: 'jpeg' | 'png';
  readonly svg: string;
}

const leaf = (at: string) => `<path transform="${at}" d="M0 0C10 -70 80 -100 170 -80C150 -20 90 30 0 0z" fill="url(#leaf)"/>`;

const fruit = (x: number, y: number, r: number, paint: string, turn = 20) => `
<ellipse cx="${x + r * 0.18}" cy="${y + r * 0.93}" rx="${r * 1.1}" ry="${r * 0.24}" fill="url(#shade)"/>
<circle cx="${x}" cy="${y}" r="${r}" fill="url(#${paint})"/>
<ellipse cx="${x - r * 0.36}" cy="${y - r * 0.42}" rx="${r * 0.24}" ry="${r * 0.15}" fill="url(#shine)" transform="rotate(-32 ${x - r * 0.36} ${y - r * 0.42})"/>
<path d="M${x} ${y - r * 0.9}q${r * 0.02} ${-r * 0.18} ${r * 0.12} ${-r * 0.26}" stroke="#4b3621" stroke-width="${r * 0.06}" fill="none" stroke-linecap="round"/>
${leaf(`translate(${x + r * 0.04} ${y - r * 0.98}) rotate(${turn}) scale(${r / 260})`)}`;

const ball = (id: string, light: string, mid: string, dark: string) =>
  `<radialGradient id="${id}" cx=".36" cy=".32" r=".78"><stop offset="0" stop-color="${light}"/><stop offset=".5" stop-color="${mid}"/><stop offset="1" stop-color="${dark}"/></radialGradient>`;

/** What fades towards its edge. A blur would look the same and take seconds to draw. */
const spot = (id: string, colour: string, opacity: number) =>
  `<radialGradient id="${id}"><stop stop-color="${colour}" stop-opacity="${opacity}"/><stop offset=".5" stop-color="${colour}" stop-opacity="${opacity * 0.6}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`;

const paints = `${ball('orange', '#ffc46b', '#f08a1d', '#a94c05')}${ball('apple', '#ff8a72', '#c92b2b', '#5f0c17')}${ball('lime', '#e3f08a', '#8fb52c', '#40600f')}${ball('plum', '#b58ad6', '#5f3a86', '#26123c')}
${ball('lemon', '#fff6b0', '#f3d03a', '#a8800b')}<linearGradient id="leaf" x2="1" y2="1"><stop stop-color="#8cc063"/><stop offset="1" stop-color="#24552f"/></linearGradient>
${spot('shade', '#000', 0.5)}${spot('shine', '#fff', 0.55)}${spot('blush', '#c0562c', 0.45)}`;

const planks = [0, 1, 2, 3]
  .map((row) => `<rect y="${1080 + row * 135}" width="2400" height="131" fill="url(#wood)" opacity="${1 - row * 0.13}"/>`)
  .join('');

const market = `<svg xmlns="http://www.w3.org/2000/svg" width="2400" height="1600"><defs>${paints}
<radialGradient id="wall" cx=".28" cy=".2" r="1.05"><stop stop-color="#6f8f86"/><stop offset=".55" stop-color="#33514d"/><stop offset="1" stop-color="#101d1e"/></radialGradient>
<linearGradient id="wood" x2="1" y2=".2"><stop stop-color="#b98a55"/><stop offset=".5" stop-color="#946638"/><stop offset="1" stop-color="#5a3a1d"/></linearGradient></defs>
<rect width="2400" height="1600" fill="url(#wall)"/><rect y="1076" width="2400" height="524" fill="#2f1d0e"/>${planks}
${fruit(1520, 800, 235, 'plum', 10)}${fruit(640, 860, 220, 'lime', -10)}${fruit(1080, 790, 270, 'apple', 20)}
${fruit(1900, 985, 215, 'lemon', 30)}${fruit(820, 1090, 240, 'orange', 5)}${fruit(1370, 1090, 255, 'orange', 40)}${fruit(420, 1200, 170, 'plum', 15)}${fruit(1720, 1290, 165, 'lime', 25)}</svg>`;

const hills = [
  ['M0 1180Q420 980 860 1120T1700 1050T2700 1120V2000H0z', '#8d86a8'],
  ['M0 1300Q360 1120 820 1270T1620 1190T2700 1290V2000H0z', '#5f6590'],
  ['M0 1450Q520 1270 1010 1400T1980 1350T2700 1420V2000H0z', '#38476f'],
  ['M0 1640Q450 1470 980 1590T2050 1560T2700 1600V2000H0z', '#1d2d4a'],
]
  .map(([path = '', colour = '']) => `<path d="${path}" fill="${colour}"/>`)
  .join('');

const firs = Array.from({ length: 26 }, (_, place) => {
  const [x, height] = [((place * 379) % 2700) + 20, 120 + ((place * 97) % 130)];
  return `<path d="M${x} ${1790 - height}l${height * 0.24} ${height}h${-height * 0.48}z" fill="#0f1b2e"/>`;
}).join('');

const hillside = `<svg xmlns="http://www.w3.org/2000/svg" width="2700" height="1800"><defs>
<linearGradient id="sky" x2="0" y2="1"><stop stop-color="#31477e"/><stop offset=".38" stop-color="#c9789a"/><stop offset=".6" stop-color="#f7b06b"/><stop offset=".75" stop-color="#fde3a6"/></linearGradient>
<radialGradient id="glow"><stop stop-color="#fff6d8"/><stop offset=".22" stop-color="#ffe6a3" stop-opacity=".9"/><stop offset="1" stop-color="#ffd27a" stop-opacity="0"/></radialGradient></defs>
<rect width="2700" height="1800" fill="url(#sky)"/><circle cx="1830" cy="930" r="620" fill="url(#glow)"/><circle cx="1830" cy="930" r="105" fill="#fffbe9"/>
${hills}<rect y="1740" width="2700" height="60" fill="#0f1b2e"/>${firs}</svg>`;

/** Nothing behind it: what a background is for. */
const pear = `<svg xmlns="http://www.w3.org/2000/svg" width="1500" height="1500"><defs>${paints}
<radialGradient id="skin" cx=".38" cy=".55" r=".7"><stop stop-color="#f4ee9c"/><stop offset=".45" stop-color="#c3cc4a"/><stop offset="1" stop-color="#5d7a1c"/></radialGradient></defs>
<ellipse cx="790" cy="1350" rx="430" ry="66" fill="url(#shade)"/>
<path d="M750 300C900 300 935 430 960 570C990 720 1180 810 1180 1040C1180 1250 990 1370 750 1370C510 1370 320 1250 320 1040C320 810 510 720 540 570C565 430 600 300 750 300z" fill="url(#skin)"/>
<ellipse cx="1015" cy="1080" rx="150" ry="230" fill="url(#blush)" transform="rotate(-18 1015 1080)"/>
<ellipse cx="560" cy="880" rx="75" ry="150" fill="url(#shine)" transform="rotate(22 560 880)"/>
<path d="M752 320q-10 -120 60 -190" stroke="#4b3621" stroke-width="30" fill="none" stroke-linecap="round"/>${leaf('translate(775 235) rotate(8) scale(1.7)')}</svg>`;

/** Drawn by us, so that there is something to choose from where nobody has uploaded anything. */
export const drawings: readonly Drawing[] = [
  { name: 'Market', format: 'jpeg', svg: market },
  { name: 'Hillside', format: 'jpeg', svg: hillside },
  { name: 'Pear', format: 'png', svg: pear },
];
