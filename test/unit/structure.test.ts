/** How the sources are laid out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** In lines: what one can read in one go. */
const LONGEST = 400;

const ROOMS = ['core', 'nodes/n8n', 'providers', 'zapier/shared'];

const files = ROOMS.flatMap((room) =>
	readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
		.filter((name) => /\.m?ts$/.test(name))
		.map((name) => `${room}/${name.replaceAll('\\', '/')}`),
);

test('each room has files', () => {
	for (const room of ROOMS) expect(files.filter((file) => file.startsWith(room)).length).toBeGreaterThan(10);
});

test.each(files)(`%s: no longer than ${LONGEST} lines`, (file) => {
	expect(readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(LONGEST);
});
