/** Reading texts out of answers. */
import { text } from '../core/json.ts';
import type { Json } from '../core/provider.ts';

/** A text that says something, without the space around it. Undefined for an empty one, and for what is no text. */
export function words(value: Json | undefined): string | undefined {
	return text(value)?.trim() || undefined;
}
