/** What a person should know of a chosen event or operation, shown where the output will be, until there is some. */
import type { NodeHint } from 'n8n-workflow';
import { isObject } from '../../core/json.ts';
import type { EventType, Json, Provider } from '../../core/provider.ts';

const BEFORE: Pick<NodeHint, 'type' | 'location' | 'whenToDisplay'> = {
	type: 'info',
	location: 'outputPane',
	whenToDisplay: 'beforeExecution',
};

/**
 * A sample of each chosen event. Hints are n8n's only way to show one: its schema previews leave triggers out
 * (docs/decisions/0007-samples-as-hints.md).
 */
export function triggerHints(provider: Provider): NodeHint[] {
	// Where every event is passed on, none is chosen.
	const everyEvent = provider.receiving.proofs.filter((proof) => proof.anyEvent).map((proof) => proof.name);
	const choosing = everyEvent.map((name) => ` && $parameter["signature"] !== ${JSON.stringify(name)}`).join('');
	return provider.events.map((event) => ({
		...BEFORE,
		message: sampleOf(provider, event),
		displayCondition: `={{ $parameter["events"].includes(${JSON.stringify(event.name)})${choosing} }}`,
		// Several are folded into one line; a single one is open.
		group: { key: 'samples', summary: 'Examples of the {count} selected events' },
	}));
}

/** The note of the chosen operation: the list of operations has room for what it does, no more. */
export function actionHints({ operations }: Provider): NodeHint[] {
	return operations.flatMap(({ resource, name, note }) =>
		note === undefined
			? []
			: {
					...BEFORE,
					message: escaped(note),
					displayCondition: `={{ $parameter["resource"] === ${JSON.stringify(resource)} && $parameter["operation"] === ${JSON.stringify(name)} }}`,
				},
	);
}

function sampleOf(provider: Provider, event: EventType): string {
	const source = {
		documented: `Example data, as ${provider.name} documents it.`,
		client: 'Example data (from published client code).',
		inferred: `${provider.name} doesn't document all of this event's data. This example is an assumption; check a real event before using its fields.`,
	}[event.sampleGrade];
	const about = escaped([source, event.note ?? ''].join(' ').trim());
	// `pre` keeps it in a form that can be copied into n8n's mock data.
	const json = escaped(JSON.stringify(sampleItem(provider, event), null, 2));
	// The line with the name first: a wide sample widens the whole box, whose end is then only seen by scrolling.
	return `<b>${escaped(event.label)}</b><br />${about}<pre>${json}</pre>`;
}

/** The first item that a delivery with the sample would become. */
function sampleItem({ receiving }: Provider, { sample, name }: EventType): Json {
	const first = Array.isArray(sample) ? sample[0] : sample;
	return receiving.item && isObject(first) ? receiving.item(first, name) : (first ?? null);
}

/** The editor shows a hint as HTML. */
function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
