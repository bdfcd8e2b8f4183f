import { Comeback } from './comeback.js';
import { Connection } from './connection.js';
import { PageLife } from './page-life.js';
import { Turn } from './turn.js';

const MOMENT = 2_000;

/**
 * Decides what becomes of the connection: the only place that changes the state. A come-back that
 * nobody has asked for is made only to the session that was there before (B16, B46).
 *
 * The delegate hears of connecting(byItself), connected(connection, headers), waiting(why, delay),
 * ended(cause), closed(event), refused(error), frame(frame), and of renewing() as a connection comes
 * back unnoticed. It is told last, as it may call start() and stop().
 */
export class Life {

  #options;
  #whose;
  #delegate;
  #comeback = new Comeback();
  #state = 'idle';
  // What a come-back must find; undefined where a person wants whatever there is.
  #expected;
  #turn = new Turn();
  #timer;
  // What it waits for in place of the timer.
  #obstacle;
  #connection;
  #error;

  constructor(options, whose, delegate) {
    this.#options = options;
    this.#whose = whose;
    this.#delegate = delegate;
  }

  get state() {
    return this.#state;
  }

  start() {
    this.#leave();
    this.#comeback.reset();
    this.#expected = undefined;
    this.#state = 'connecting';
    this.#open({});
    this.#delegate.connecting(false);
  }

  stop() {
    this.#leave();
    this.#state = 'idle';
  }

  /** Comes back now where it waits for that, and looks whether a connection is still one. */
  awake() {
    const { obstacle } = PageLife;
    if (this.#state === 'waiting' && obstacle) {
      this.#waitFor(obstacle);
    } else if (this.#state === 'waiting') {
      this.#comeBack();
    } else if (this.#connection?.connected && this.#connection.silent) {
      this.#connection.discard();
      this.#comeBack();
    }
  }

  /** The page is hidden or offline: it does not try, and looks whether a connection is still one. */
  asleep() {
    const { obstacle } = PageLife;
    if (this.#state === 'waiting' && obstacle) {
      this.#waitFor(obstacle);
    } else if (this.#state === 'connected' && obstacle === 'offline') {
      this.#ask(({ whose }) => {
        if (whose === 'unreachable') {
          this.#connection?.discard();
          this.#wait('lost');
        }
      });
    }
  }

  /** The page goes into the back/forward cache, or for good. */
  left() {
    if (['connecting', 'connected', 'waiting'].includes(this.#state)) {
      this.#connection?.discard();
      this.#waitFor('hidden');
    }
  }

  /** The session has ended. */
  end(cause) {
    this.#leave();
    this.#state = 'ended';
    this.#expected = undefined;
    this.#delegate.ended(cause);
  }

  #leave() {
    this.#turn.next();
    clearTimeout(this.#timer);
    this.#connection?.close();
    this.#connection = this.#error = this.#obstacle = undefined;
  }

  // That nobody has asked for it the server hears as well: it is no sign of a person (B8).
  #reopen() {
    this.#open({ reconnect: 'true' });
  }

  #open(headers) {
    this.#connection = new Connection(this.#options, headers, {
      connected: (answer) => this.#connected(answer),
      error: (error) => this.#refused(error),
      closed: (event, lived) => this.#closed(event, lived),
      frame: (frame) => this.#delegate.frame(frame),
    });
    this.#connection.open();
  }

  #connected(headers) {
    if (this.#expected !== undefined && this.#expected !== headers.session) {
      this.#over();
      return;
    }
    clearTimeout(this.#timer);
    this.#expected = headers.session;
    const unnoticed = this.#state === 'connected';
    this.#state = 'connected';
    this.#delegate.connected(this.#connection, headers, unnoticed);
  }

  #refused(error) {
    this.#error = error;
    // What the close that follows says as well is no refusal.
    if (!error.code.startsWith('session-') && error.code !== 'server-restart') {
      this.#delegate.refused(error);
    }
  }

  #closed(event, lived) {
    const { signal } = this.#turn;
    const error = this.#error;
    this.#connection = this.#error = undefined;
    this.#delegate.closed(event);
    if (!signal.aborted) {
      this.#after(event, lived, error);
    }
  }

  #after(event, lived, error) {
    this.#comeback.settled(lived);
    const cause = Comeback.end(event, lived, error);
    const why = Comeback.why(event, lived);
    if (cause !== undefined) {
      this.end(cause);
    } else if (this.#comeback.atOnce(event)) {
      this.#renew();
    } else if (why === 'refused') {
      // Browsers keep from scripts whether a handshake was refused or never answered.
      this.#ask((answer) => this.#decide(answer, () => this.#wait(why)));
    } else {
      this.#wait(why, error);
    }
  }

  #renew() {
    this.#leave();
    this.#timer = setTimeout(() => this.#noticed(), MOMENT);
    this.#turn.hear((signal) => this.#whose.awaitSame(this.#expected, signal),
      (answer) => this.#decide(answer, () => this.#reopen()));
    this.#delegate.renewing();
  }

  #noticed() {
    this.#state = 'connecting';
    this.#delegate.connecting(true);
  }

  // The error is that of a server that says when to come back.
  #wait(why, error) {
    const { obstacle } = PageLife;
    if (obstacle) {
      this.#waitFor(obstacle);
      return;
    }
    this.#leave();
    this.#state = 'waiting';
    const delay = this.#comeback.delay(error);
    this.#timer = setTimeout(() => this.#comeBack(), delay);
    this.#delegate.waiting(why, delay);
  }

  // Without a timer: the browser says when it is over.
  #waitFor(obstacle) {
    const news = this.#obstacle !== obstacle;
    this.#leave();
    this.#state = 'waiting';
    this.#obstacle = obstacle;
    if (news) {
      this.#delegate.waiting(obstacle);
    }
  }

  // First it asks: a handshake might start another session.
  #comeBack() {
    this.#leave();
    this.#state = 'connecting';
    this.#ask((answer) => this.#decide(answer, () => this.#reopen()));
    this.#delegate.connecting(true);
  }

  #ask(listener) {
    this.#turn.hear((signal) => this.#whose.ask(this.#expected, signal), listener);
  }

  #decide({ whose }, goOn) {
    if (whose === 'unreachable') {
      this.#wait(whose);
    } else if (whose === 'login-required') {
      this.end(whose);
    } else if (['same', 'unknown'].includes(whose) || (whose === 'gone' && this.#expected === undefined)) {
      goOn();
    } else if (this.#expected === undefined) {
      this.end('session-required');
    } else {
      this.#over();
    }
  }

  #over() {
    this.#leave();
    this.#turn.hear((signal) => this.#whose.cause(this.#expected, signal), (cause) => this.end(cause));
  }

}
