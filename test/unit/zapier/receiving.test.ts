/** Deliveries as Zapier passes them on. */
import { providers } from '../../../providers/index.ts';
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
