/** The form to log in with, the button to log out, and who is logged in. */
export class Login {

  #account;
  #form = document.getElementById('login');
  #username = document.getElementById('username');
  #password = document.getElementById('password');
  #logIn = document.getElementById('log-in');
  #logOut = document.getElementById('log-out');
  #who = document.getElementById('who');
  #error = document.getElementById('account-error');

  constructor(account) {
    this.#account = account;
  }

  start() {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#try('You are not logged in', () => this.#submit());
    });
    this.#logOut.addEventListener('click', () => this.#try('You are not logged out', () => this.#leave()));
    this.#logIn.disabled = false;
    this.refresh();
  }

  /** Asks the server who is logged in. */
  async refresh() {
    try {
      this.#show(await this.#account.name());
    } catch {
      // The server cannot be reached, which the connection says; who it was stays shown.
    }
  }

  async #submit() {
    const response = await this.#account.logIn(this.#username.value, this.#password.value);
    this.#password.value = '';
    if (response.ok) {
      const focused = this.#form.contains(document.activeElement);
      this.#show((await response.json()).principal);
      if (focused) {
        this.#logOut.focus();
      }
    } else {
      this.#error.textContent = (await response.json()).message;
      this.#password.focus();
    }
  }

  async #leave() {
    const response = await this.#account.logOut();
    if (response.ok) {
      const focused = document.activeElement === this.#logOut;
      this.#show(null);
      if (focused) {
        this.#username.focus();
      }
    } else {
      this.#error.textContent = `You are not logged out: the server answered with status ${response.status}.`;
    }
  }

  #show(name) {
    const words = name ? `You are logged in as ${name}.` : 'You are not logged in.';
    if (this.#who.textContent !== words) {
      this.#who.textContent = words;
    }
    this.#form.hidden = Boolean(name);
    this.#logOut.hidden = !name;
  }

  async #try(failure, action) {
    this.#error.textContent = '';
    try {
      await action();
    } catch {
      this.#error.textContent = `${failure}: the server cannot be reached.`;
    }
  }

}
