/** How deliveries of SoshiaConnect are proved and read. */
import { text } from '../../core/json.ts';
import type { Receiving } from '../../core/provider.ts';

/**
 * The page documents a header of SoshiaConnect's own, and says that webhooks are configured through Stripe: so either
 * signature can arrive. https://docs.soshianest.ai/guides/concepts/webhooks
 */
export const receiving: Receiving = {
	proofs: [
		{
			name: 'soshia',
			label: 'X-Soshia-Signature',
			description: 'Events that SoshiaConnect sends and signs itself.',
			scheme: { kind: 'hmac', header: 'x-soshia-signature', encoding: 'hex', reserialised: true },
			grade: 'documented',
		},
		{
			name: 'stripe',
			label: 'Stripe-Signature',
			description: 'Events that Stripe sends. Every verified event is handed on, under the name that Stripe gives it.',
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
};
