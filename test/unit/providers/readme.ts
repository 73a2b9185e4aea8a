/** The tables of a provider's README, made from its data, so that a test can hold the two together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handlingOf } from '../../../core/operation.ts';
import type { Provider } from '../../../core/provider.ts';

/** The README of a provider. */
export function readme(provider: Provider): string {
	return readFileSync(join(__dirname, '../../../providers', provider.id, 'README.md'), 'utf8');
}

/** One row for each event type, operation and assumption, as the README has to hold them. */
export function rows(provider: Provider): string[] {
	const resource = (name: string) => provider.resources.find((one) => one.name === name)?.label ?? name;
	return [
		...provider.events.map((event) =>
			row(`\`${event.name}\``, event.label, event.description, event.grade, event.sampleGrade),
		),
		...provider.operations.map((operation) =>
			row(
				resource(operation.resource),
				operation.label,
				operation.description,
				operation.grade,
				handlingOf(operation).kind ?? 'no',
			),
		),
		...provider.assumptions.map((assumption) => `- ${assumption}`),
	];
}

/** A README with the white space of its tables taken out: a formatter pads them. */
export function condensed(markdown: string): string {
	return markdown.replace(/ *\| */g, '|');
}

function row(...cells: string[]): string {
	return condensed(`| ${cells.join(' | ')} |`);
}
