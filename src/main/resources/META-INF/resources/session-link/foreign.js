/** Calls what the application has given: where it throws, only itself is hurt, and the browser's console says so. */
export function tell(listener, argument) {
  try {
    listener(argument);
  } catch (error) {
    const report = globalThis.reportError ?? console.error;
    report(error);
  }
}
