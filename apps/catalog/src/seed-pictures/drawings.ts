/** A picture of 1200×900: what it shows on a ground of two colours, with a shadow under it. */
const picture = (light: string, dark: string, shown: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900" viewBox="0 0 400 300"><defs>
<radialGradient id="ground" cx=".35" cy=".25" r="1"><stop stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient>
<radialGradient id="shade"><stop stop-color="#000" stop-opacity=".35"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient></defs>
<rect width="400" height="300" fill="url(#ground)"/><ellipse cx="200" cy="240" rx="150" ry="24" fill="url(#shade)"/>${shown}</svg>`;

const leaf = (x: number, y: number, turn: number, colour = '#3f7d3a') =>
  `<path transform="translate(${x} ${y}) rotate(${turn})" d="M0 0C6-22 26-32 54-26C48-8 26 8 0 0z" fill="${colour}"/>`;

const ball = (x: number, y: number, r: number, colour: string) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${colour}"/><ellipse cx="${x - r * 0.35}" cy="${y - r * 0.4}" rx="${r * 0.26}" ry="${r * 0.17}" fill="#fff" opacity=".45"/>`;

const box = (x: number, y: number, width: number, height: number, colour: string, round = 6) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${colour}"/>`;

const apple = (x: number, y: number, colour: string) =>
  `${ball(x, y, 62, colour)}<path d="M${x} ${y - 56}q2-18 12-26" stroke="#5a3d22" stroke-width="6" fill="none" stroke-linecap="round"/>${leaf(x + 6, y - 62, 10)}`;

const carrot = (x: number, turn: number) =>
  `<g transform="translate(${x} 92) rotate(${turn})"><path d="M-24 0Q0-14 24 0L6 140Q0 154-6 140z" fill="#ee8326"/><path d="M-16 34h18M-6 66h18M-10 98h12" stroke="#c9631a" stroke-width="4"/>${leaf(0, -4, -90, '#4b8f3e')}${leaf(0, -4, -50, '#3f7d3a')}${leaf(0, -4, -130, '#5ea24c')}</g>`;

const bottle = (x: number, colour: string, label: string) =>
  `<path d="M${x - 14} 56h28v40q26 18 26 54v92H${x - 40}v-92q0-36 26-54z" fill="${colour}"/>${box(x - 18, 46, 36, 18, label, 4)}${box(x - 40, 160, 80, 50, label, 2)}`;

/** What a category is shown by, drawn by us. */
export const drawings: Readonly<Record<string, string>> = {
  fruit: picture('#fdf3dc', '#efc98b', `${apple(140, 180, '#c8362e')}${ball(258, 184, 58, '#f08a1d')}${apple(200, 186, '#8fb52c')}`),
  vegetables: picture('#eef6e4', '#b7d69a', `${carrot(150, 12)}${carrot(200, 0)}${carrot(250, -12)}`),
  bakery: picture(
    '#fbf0e2',
    '#e2bd8d',
    `<path d="M70 236q-18-110 130-116q148 6 130 116q-4 10-16 10H86q-12 0-16-10z" fill="#b9752f"/><path d="M84 222q-8-82 116-88q124 6 116 88z" fill="#d79a55"/><path d="M140 152l24 34M190 142l24 38M244 148l22 34" stroke="#f7e3c3" stroke-width="9" stroke-linecap="round"/>`,
  ),
  dairy: picture(
    '#eef5fb',
    '#a9c7e2',
    `<path d="M126 96l24-36h60l24 36v144H126z" fill="#fff"/><path d="M126 96h108v18H126z" fill="#d7e3ee"/>${box(126, 150, 108, 50, '#3f78b5', 0)}<path d="M244 240v-70l90-24v94z" fill="#f4c95d"/><path d="M244 170l90-24-60-14z" fill="#fbe08f"/><circle cx="276" cy="206" r="11" fill="#d9a634"/><circle cx="310" cy="190" r="8" fill="#d9a634"/>`,
  ),
  'meat-and-fish': picture(
    '#f9ecec',
    '#dcaeb0',
    `<path d="M96 170q60-70 150-30l54-34q-6 34 4 64q-10 30-4 64l-54-34q-90 40-150-30z" fill="#6f93ad"/><path d="M96 170q60 60 150 30l8 6q-96 40-158-36z" fill="#b9cfdc"/><circle cx="130" cy="162" r="8" fill="#fff"/><circle cx="130" cy="162" r="4" fill="#1d2b38"/><path d="M168 146q16 24 0 50" stroke="#557890" stroke-width="5" fill="none"/>`,
  ),
  plants: picture(
    '#eef6ec',
    '#a8cfae',
    `${box(120, 150, 160, 92, '#fff6e2', 10)}${box(120, 150, 160, 22, '#efdfbd', 8)}<path d="M200 150V84" stroke="#3f7d3a" stroke-width="8"/>${leaf(200, 104, 0)}${leaf(200, 112, 170, '#5ea24c')}${leaf(200, 84, -60, '#4b8f3e')}`,
  ),
  pantry: picture(
    '#faf3e6',
    '#d8bf92',
    `${box(92, 104, 92, 136, '#c8503c', 10)}${box(92, 138, 92, 62, '#fff3dc', 0)}${ball(138, 170, 20, '#c8503c')}${box(86, 92, 104, 20, '#8d8d8d', 8)}${box(220, 120, 88, 120, '#f2d9a0', 12)}${box(216, 100, 96, 26, '#a97b3f', 6)}<path d="M232 150h64M232 172h64M232 194h64" stroke="#d2a85f" stroke-width="7"/>`,
  ),
  snacks: picture(
    '#fdeee0',
    '#efb98f',
    `<path d="M128 70h144l-8 20 10 140q-74 24-148 0l10-140z" fill="#d9472b"/><path d="M128 70h144l-6 16H134z" fill="#a8321c"/><ellipse cx="200" cy="164" rx="54" ry="44" fill="#f9d66b"/><path d="M160 168q40-44 80 0q-40 30-80 0z" fill="#e8a93a"/>`,
  ),
  drinks: picture(
    '#e9f3f6',
    '#93bfca',
    `${bottle(130, '#2f7d5b', '#e9f3e2')}${bottle(272, '#8a3f23', '#f6e3c0')}${bottle(200, '#3f88b5', '#fff')}`,
  ),
  frozen: picture(
    '#eef6fd',
    '#8fb4de',
    `<path d="M150 166h100l-40 84q-10 14-20 0z" fill="#d9a05b"/><path d="M166 190l60 0M178 214h42" stroke="#b97f3d" stroke-width="4"/>${ball(168, 140, 38, '#f7c6d0')}${ball(232, 140, 38, '#fdf1cf')}${ball(200, 100, 40, '#b9e0c4')}`,
  ),
  household: picture(
    '#f3f0fa',
    '#bdb1de',
    `${box(110, 110, 84, 130, '#4d9fd0', 16)}${box(134, 76, 36, 40, '#2f6f9b', 6)}${box(110, 150, 84, 46, '#fff', 0)}${box(222, 150, 90, 90, '#f4d35e', 14)}<path d="M222 176h90" stroke="#d8b23a" stroke-width="6"/>${ball(236, 110, 14, '#fff')}${ball(268, 92, 20, '#fff')}${ball(300, 118, 11, '#fff')}`,
  ),
};
