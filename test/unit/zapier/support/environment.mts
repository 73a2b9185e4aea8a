/** Sets an environment variable of this process, as Zapier does for an app. */
export function setEnvironment(name: string, value: string): void {
	process.env[name] = value;
}
