/**
 * What becomes of the page: the delegate hears of left() and returned() as it goes into the
 * back/forward cache and comes out of it, of asleep() as it is hidden or offline, and of awake() as
 * it may be neither any more, or was frozen (B47).
 */
export class PageLife {

  #delegate;
  /** @type {[EventTarget | undefined, string, (event: any) => void][]} */
  #ears = [
    [globalThis, 'pagehide', () => this.#delegate.left()],
    [globalThis, 'pageshow', (event) => event.persisted && this.#delegate.returned()],
    [globalThis, 'online', () => this.#delegate.awake()],
    [globalThis, 'offline', () => this.#delegate.asleep()],
    [globalThis.document, 'visibilitychange', () => this.#turned()],
    [globalThis.document, 'resume', () => this.#delegate.awake()],
  ];

  constructor(delegate) {
    this.#delegate = delegate;
  }

  /** Why the page had better not try, 'offline' or 'hidden'; undefined where it may. */
  static get obstacle() {
    if (globalThis.navigator?.onLine === false) {
      return 'offline';
    }
    return globalThis.document?.visibilityState === 'hidden' ? 'hidden' : undefined;
  }

  start() {
    // Where it listens already, this changes nothing.
    this.#ears.forEach(([target, type, listener]) => target?.addEventListener(type, listener));
  }

  stop() {
    this.#ears.forEach(([target, type, listener]) => target?.removeEventListener(type, listener));
  }

  #turned() {
    if (globalThis.document.visibilityState === 'hidden') {
      this.#delegate.asleep();
    } else {
      this.#delegate.awake();
    }
  }

}
