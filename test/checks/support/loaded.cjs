/**
 * Loads everything that a published package names, as n8n does, and prints as JSON what n8n would see:
 * node loaded.cjs <folder of the package>
 */
const { join, relative } = require('node:path');
require('n8n-workflow');

const folder = process.argv[2];
const { n8n } = require(join(folder, 'package.json'));

/** One instance of the class that n8n looks for: it has the name of the file. */
function load(file) {
	const name = file.replace(/^.*\//, '').replace(/\..*$/, '');
	return new (require(join(folder, file))[name])();
}

const started = process.hrtime.bigint();
const nodes = n8n.nodes.map(load);
const credentials = n8n.credentials.map(load);
const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
const files = Object.keys(require.cache).map((file) => relative(folder, file).replaceAll('\\', '/'));
const used = files.filter((file) => file.startsWith('dist/')).sort();
process.stdout.write(JSON.stringify({ nodes, credentials, used, milliseconds }));
