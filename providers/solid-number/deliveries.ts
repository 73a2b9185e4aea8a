/** What Solid# sends to a webhook, and how that is proved. https://solidnumber.com/docs/webhooks */
import { text } from '../../core/json.ts';
import type { Receiving } from '../../core/provider.ts';

export const receiving: Receiving = {
	proofs: [
		{
			name: 'hmac',
			label: 'X-Solid-Signature',
			description: 'HMAC-SHA256 of the body, hexadecimal.',
			// The documented check hashes JSON.stringify(body), not the bytes that arrived.
			scheme: { kind: 'hmac', header: 'x-solid-signature', encoding: 'hex', reserialised: true },
			grade: 'documented',
		},
	],
	formats: ['json'],
	eventOf: (payload) => text(payload['event_type']),
	answerWithinSeconds: 5,
};
