/** JSON values written as XML and as a form, the way Solve360 does. */
import { isObject } from '../core/json.ts';
import type { Json } from '../core/provider.ts';

/** What one element of a list is called inside the list's own element. */
export const ONE_OF: { readonly [list: string]: string } = {
	...{ categories: 'category', relateditems: 'relatedto', activities: 'activity', fields: 'field' },
	...{ users: 'user', groups: 'group' },
};

/** An XML document with this root. A key that is a number becomes `id<number>`, as an element cannot begin with a digit. */
export function xmlText(root: string, value: Json): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value)}`;
}

function element(name: string, value: Json): string {
	const tag = /^\d/.test(name) ? `id${name}` : name;
	if (Array.isArray(value)) {
		return `<${tag}>${value.map((one) => element(ONE_OF[name] ?? 'item', one)).join('')}</${tag}>`;
	}
	if (isObject(value)) {
		const isTwin = (key: string) => key.endsWith('_cn') && key.slice(0, -3) in value;
		const inner = Object.entries(value).flatMap(([key, one]) => {
			if (isTwin(key)) return [];
			const name = value[`${key}_cn`];
			return typeof name === 'string' ? [named(key, one, name)] : [element(key, one)];
		});
		return `<${tag}>${inner.join('')}</${tag}>`;
	}
	return `<${tag}>${value === null ? '' : escaped(String(value))}</${tag}>`;
}

/** A field that names a person has the name as an attribute. */
function named(key: string, value: Json, name: string): string {
	return `<${key} cn="${escaped(name).replaceAll('"', '&quot;')}">${escaped(String(value ?? ''))}</${key}>`;
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `a=1&b[c]=2&d[0]=3`, percent-encoded: nested as PHP writes it. */
export function formText(value: Json): string {
	const pairs = new URLSearchParams();
	const add = (name: string, one: Json): void => {
		if (typeof one === 'object' && one !== null) {
			for (const [key, inner] of Object.entries(one)) add(name === '' ? key : `${name}[${key}]`, inner);
		} else {
			pairs.append(name, one === null ? '' : String(one));
		}
	};
	add('', value);
	return pairs.toString();
}
