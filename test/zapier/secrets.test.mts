/** Core blanks in its log what is under a name that sounds secret to it. A service may call its secret anything. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { isObject } from '../../core/json.ts';
import { solatis } from '../../providers/solatis/provider.ts';
import { baseUrlVariable } from '../../zapier/shared/transport.mts';
import { startService, type Service } from '../../harness/zapier/sandbox.mts';
import { credentialsOf } from './support/suite.mts';
import { toyApp } from './support/toy.mts';
import { startZapierIn, type Zapier } from '../../harness/zapier/zapier.mts';

/** Solatis, were its secret called `signing_key`. */
const SOURCE = `
	import { solatis } from './providers/solatis/provider.ts';
	import { zapierApp } from './zapier/shared/app.mts';
	const [registration] = solatis.registrations;
	const subscribe = (wanted) => {
		const { json: { secret, ...json }, ...request } = registration.api.subscribe(wanted);
		return { ...request, json: { ...json, signing_key: secret } };
	};
	const registrations = [{ ...registration, api: { ...registration.api, subscribe } }];
	export default zapierApp({ ...solatis, registrations }, '1.0.0');
`;

describe('a secret under a name that does not sound like one', () => {
	let service: Service;
	let zapier: Zapier;
	let remove: () => Promise<void>;

	before(async () => {
		const toy = await toyApp("(await import('./app.mjs')).default");
		remove = toy.remove;
		const { outputFiles } = await build({
			stdin: { contents: SOURCE, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
			write: false,
			bundle: true,
			platform: 'node',
			format: 'esm',
			external: ['zapier-platform-core'],
		});
		await writeFile(join(toy.folder, 'app.mjs'), outputFiles.map(({ text }) => text).join(''));
		service = await startService('solatis');
		zapier = await startZapierIn(toy.folder, { env: { [baseUrlVariable(solatis)]: service.baseUrl } });
	});
	after(async () => {
		await zapier?.stop();
		await service?.close();
		await remove?.();
	});

	it('is blanked in the log all the same', async () => {
		const connection = await zapier.connect(credentialsOf(solatis));
		// The sandbox misses the field `secret`: that is told, and logged.
		await assert.rejects(zapier.turnOn(connection, 'document_analyzed'), /Missing required field: secret/);
		const bodies = (await service.calls()).map(({ body }) => body).filter(isObject);
		const secrets = bodies.flatMap(({ signing_key: secret }) => (typeof secret === 'string' ? [secret] : []));
		assert.ok(secrets.length > 0);
		assert.ok(service.takeViolations().includes('body signing_key'));
		const logs = JSON.stringify(zapier.platform.logs);
		assert.match(logs, /signing_key/);
		for (const secret of secrets) assert.ok(!logs.includes(secret));
	});
});
