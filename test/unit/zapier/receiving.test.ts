/** Deliveries as Zapier passes them on. */
import { providers } from '../../../providers/index.ts';
import { webhookSecrets } from '../../../zapier/shared/connection.mts';
import { unhurried } from '../../../zapier/shared/receiving.mts';

const proofs = providers.flatMap(({ id, receiving }) =>
	receiving.proofs.map((proof) => [id, proof.name, proof] as const),
);

test.each(proofs)('%s, %s: no delivery is too old, and the scheme is made once', (_service, _name, proof) => {
	const { scheme } = unhurried(proof);
	// A trigger leaves parts of a proof out: the scheme is the same all the same.
	expect(unhurried({ ...proof }).scheme).toBe(scheme);
	const timestamp = scheme.kind === 'hmac' ? scheme.timestamp : undefined;
	expect(timestamp?.toleranceSeconds ?? Infinity).toBe(Infinity);
});

test('one of the proofs has a time stamp', () => {
	expect(proofs.some(([, , { scheme }]) => scheme.kind === 'hmac' && scheme.timestamp !== undefined)).toBe(true);
});

const manual = providers.filter(({ registrations: [{ kind }] }) => kind === 'manual');

test.each(manual.map((provider) => [provider.name, provider] as const))(
	'%s: a connection holds several secrets with white space between them, or one with white space in it',
	(_name, provider) => {
		const values = (webhookSecret: string) => webhookSecrets(provider, { webhookSecret }).map(({ value }) => value);
		expect(values(' first-secret\tsecond-secret\n')).toEqual(expect.arrayContaining(['first-secret', 'second-secret']));
		expect(values(' a secret of three words ')).toContain('a secret of three words');
		expect(values('one-secret')).toEqual(['one-secret']);
		expect(values(' \n ')).toEqual([]);
	},
);
