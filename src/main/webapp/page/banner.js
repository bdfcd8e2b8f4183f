import { Clock } from './clock.js';
import { enable, show } from './focus.js';
import * as words from './words.js';

/** Warns that the session is about to end, and offers to stay. What counts is not read aloud again and again. */
export class Banner {

  #banner = document.getElementById('expiring');
  #words = document.getElementById('expiring-words');
  #left = document.getElementById('expiring-left');
  #stay = document.getElementById('stay');
  #next = document.getElementById('name');
  #clock = new Clock(() => this.#count());
  #deadline;

  /** Takes what to do for who stays. */
  constructor(stay) {
    this.#stay.addEventListener('click', stay);
  }

  warn(deadline) {
    this.#deadline = deadline;
    this.#words.textContent = words.expiring(deadline);
    show(this.#banner, true, this.#next);
    enable(this.#stay, true, this.#next);
    this.#clock.start();
  }

  hide() {
    this.#clock.stop();
    show(this.#banner, false, this.#next);
    enable(this.#stay, false, this.#next);
    this.#words.textContent = this.#left.textContent = '';
  }

  #count() {
    this.#left.textContent = `${words.left(this.#deadline)} left.`;
  }

}
