/** How deliveries of SoshiaConnect are proved and read. */
import { entriesOf } from '../../core/input.ts';
import { text } from '../../core/json.ts';
import type { Field, Receiving } from '../../core/provider.ts';

/**
 * The page documents a header of SoshiaConnect's own, and says that webhooks are configured through Stripe: so either
 * signature can arrive. https://docs.soshianest.ai/guides/concepts/webhooks
 */
export const receiving: Receiving = {
	proofs: [
		{
			name: 'soshia',
			label: 'X-Soshia-Signature',
			description: 'For events that SoshiaConnect sends itself',
			scheme: { kind: 'hmac', header: 'x-soshia-signature', encoding: 'hex', reserialised: true },
			grade: 'documented',
		},
		{
			name: 'stripe',
			label: 'Stripe-Signature',
			description: 'For events that Stripe sends',
			notice:
				"With Stripe's signature, every verified event that Stripe sends to this URL starts the workflow, under Stripe's own name (e.g. charge.succeeded). Use Stripe Events to select some of them.",
			// https://docs.stripe.com/webhooks#verify-manually
			scheme: {
				kind: 'hmac',
				header: 'stripe-signature',
				encoding: 'hex',
				prefix: 'v1=',
				separator: ',',
				timestamp: { entry: 't=', toleranceSeconds: 300 },
				signed: ['timestamp', { text: '.' }, 'body'],
			},
			anyEvent: true,
			grade: 'inferred',
		},
	],
	formats: ['json'],
	eventOf: (payload) => text(payload.type),
	eventId: ({ id }) => [id],
	wanted: (_payload, event, { stripeEvents }) => {
		const chosen = entriesOf(stripeEvents);
		return chosen.length === 0 || event === undefined || chosen.includes(event);
	},
};

/** What the trigger asks beyond events. */
export const triggerFields: readonly Field[] = [
	{
		name: 'stripeEvents',
		label: 'Stripe Events',
		type: 'list',
		showIf: { signature: ['stripe'] },
		placeholder: 'e.g. charge.succeeded, charge.failed',
		description: "The events that start the workflow, by Stripe's names. Leave empty for all events.",
	},
];
