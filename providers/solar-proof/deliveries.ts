/** How deliveries of Solar Proof are proved and read. */
import type { Receiving } from '../../core/provider.ts';

/**
 * Nothing in a delivery names its event or proves its source: Solar Proof signs nothing, and advises a token in the URL.
 * https://solarproof.com.au/api-documentation/webhooks.php
 */
export const receiving: Receiving = {
	proofs: [
		{
			name: 'token',
			label: 'Token in the URL',
			description: 'A token of our own in the query string of the webhook URL.',
			scheme: { kind: 'url-token', tokenParameter: 'token', eventParameter: 'event' },
			grade: 'documented',
		},
	],
	formats: ['json'],
	item: (element, event) => (event === undefined ? element : { ...element, event }),
	answerWithinSeconds: 5,
};
