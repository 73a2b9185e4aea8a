/** What a trigger listens to, and what a person chose in it. */
import type { Bundle } from 'zapier-platform-core';
import { cleanInput } from '../../core/operation.ts';
import type { EventType, Field, Proof, Provider, Values } from '../../core/provider.ts';
import { valuesOf } from './form.mts';

/** What a trigger listens to. */
export interface Source {
	provider: Provider;
	event: EventType;
	/** What it asks for. */
	fields: readonly Field[];
	/** Names that only a published client mentions: no sample has them. */
	unsure: readonly string[];
	/** The proof that it insists on. Undefined: the one that a delivery carries. */
	proof?: Proof;
}

/** What the person chose in the trigger's fields. */
export function optionsOf({ fields }: Source, bundle: Bundle): Values {
	return cleanInput(fields, valuesOf(fields, bundle.inputData ?? {}));
}
