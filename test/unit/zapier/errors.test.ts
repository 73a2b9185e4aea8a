/** What leaves a Zapier app when something fails. */
import { InvalidInput, ServiceRefused, SubscriptionFailed, Unreachable } from '../../../core/errors.ts';
import { providers } from '../../../providers/index.ts';
import { guarded } from '../../../zapier/shared/errors.mts';
import { fakeZ } from './support/z.mts';

const SECRET = 'the secret/of+a webhook';
const sentence = `It said ${SECRET} and ${encodeURIComponent(SECRET)} to sam@example.com.`;

const causes = [
	new ServiceRefused(sentence, { status: 400, advice: '' }),
	new ServiceRefused(sentence, { status: 401, advice: '' }),
	new ServiceRefused(sentence, { status: 429, advice: '', retryAfterSeconds: 3 }),
	new InvalidInput(sentence),
	new SubscriptionFailed(sentence),
	new Unreachable('It', sentence),
	new Error(sentence),
	sentence,
];
const cases = providers.flatMap((provider) =>
	causes.map((cause) => [provider.name, String(cause), provider, cause] as const),
);

test.each(cases)(
	'%s: of "%s" no secret and no address is left, shown or logged',
	async (_name, _text, provider, cause) => {
		for (const secrets of [[SECRET], () => [SECRET]]) {
			const { z, log } = fakeZ(false);
			const error = await guarded(z, provider, secrets, () => Promise.reject(cause as Error)).catch(
				(thrown: unknown) => thrown as Error & { doNotContextify?: boolean },
			);
			expect(error).toMatchObject({ doNotContextify: true });
			const shown = `${(error as Error).message} ${log.join()}`;
			for (const secret of [SECRET, encodeURIComponent(SECRET), 'sam@example.com']) expect(shown).not.toContain(secret);
		}
	},
);

test('what works is passed on', async () => {
	await expect(guarded(fakeZ(false).z, providers[0]!, [], () => Promise.resolve(7))).resolves.toBe(7);
});
