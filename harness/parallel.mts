/** Does a task for each input, so many at once. Gives the results in order; throws the first failure, after all have ended. */
export async function inParallel<In, Out>(
	inputs: readonly In[],
	atOnce: number,
	task: (input: In) => Promise<Out>,
): Promise<Out[]> {
	const results: Out[] = new Array<Out>(inputs.length);
	const failures: unknown[] = [];
	let next = 0;
	const worker = async () => {
		for (let index = next++; index < inputs.length; index = next++) {
			try {
				results[index] = await task(inputs[index]!);
			} catch (cause) {
				failures.push(cause);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, inputs.length) }, worker));
	if (failures.length > 0) {
		const messages = failures.map((cause) => (cause instanceof Error ? cause.message : String(cause)));
		throw new Error(`${failures.length} of ${inputs.length}:\n${messages.join('\n')}`);
	}
	return results;
}
