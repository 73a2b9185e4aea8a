/** How deliveries of Solatis are proved and read. */
import { text } from '../../core/json.ts';
import type { Receiving } from '../../core/provider.ts';

/** https://docs.solatis.team/api/webhooks.html */
export const receiving: Receiving = {
	proofs: [
		{
			name: 'hmac',
			label: 'X-Solatis-Signature',
			description: 'HMAC-SHA256 of the body, hexadecimal.',
			scheme: { kind: 'hmac', header: 'x-solatis-signature', encoding: 'hex' },
			grade: 'documented',
		},
	],
	formats: ['json'],
	eventOf: (payload) => text(payload.event),
	// The pair that the documentation itself uses as an idempotency key.
	eventId: ({ id, created_at }) => [id, created_at],
	answerWithinSeconds: 5,
};
