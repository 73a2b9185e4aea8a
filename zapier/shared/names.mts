/** How things are named on Zapier. */

const SMALL_WORDS = new Set('a an and as at but by for from in into nor of on or the to via with'.split(' '));

/** A key for Zapier: every run of anything but letters and digits becomes one `_`. `crm.contact.created` -> `crm_contact_created`. */
export function keyOf(name: string): string {
	return name.replace(/[^A-Za-z0-9]+/g, '_');
}

/** `projectBlog` -> `project_blog`. */
export function snakeCase(name: string): string {
	return keyOf(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2')).toLowerCase();
}

/** Title case as Zapier wants it of labels: small words stay small, but for the first and the last. */
export function titleCase(label: string): string {
	const words = label.split(' ');
	return words
		.map((word, index) => {
			const small = SMALL_WORDS.has(word.toLowerCase()) && index > 0 && index < words.length - 1;
			return small ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1);
		})
		.join(' ');
}
