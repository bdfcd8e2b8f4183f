const CHANNEL = 'sessionlink-page';

/** The other tabs of the page: they tell each other that something has changed, and not what. */
export class Tabs {

  #channel = new BroadcastChannel(CHANNEL);

  /** Takes what to do when another tab says so. */
  constructor(listener) {
    this.#channel.addEventListener('message', listener);
  }

  tell() {
    this.#channel.postMessage('changed');
  }

}
