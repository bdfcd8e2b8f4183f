import type { Client, IMessage } from '@stomp/stompjs';

export interface SessionLinkOptions {
  /** The STOMP endpoint, relative to the page's base, or whole (ws:, wss:, http:, https:). */
  url: string | URL;
  /** The class of stompjs: a page without a bundler imports it from where its server has it. */
  Client: typeof Client;
  /** The server's session API, relative to the page's base, or whole. Default: `session` beside the endpoint. */
  session?: string | URL;
  /** Gives the headers that a request must carry which changes something (CSRF). Default: none. */
  csrf?: () => Promise<Record<string, string>>;
  /** Milliseconds between heart-beats, each way. Default 10,000. */
  heartbeat?: number;
  /** The prefix of the application's destinations. Default `/app`. */
  prefix?: string;
}

/** idle: start() was not called, or stop() was. waiting: comes back by itself. ended: does not until start(). */
export type State = 'idle' | 'connecting' | 'connected' | 'waiting' | 'ended';

/**
 * The server restarts | it closed the connection | the connection broke | nobody answers | somebody
 * answers, under the same session, but refuses the connection | the browser is offline | the page is hidden.
 */
export type WhyWaiting = 'restart' | 'closed' | 'lost' | 'unreachable' | 'refused' | 'offline' | 'hidden';

export type EndCause =
  | 'session-expired' | 'session-ended' | 'session-max-age' | 'session-kicked' | 'session-replaced'
  /** The session goes on, with another user: only this connection has ended. */
  | 'session-user-changed'
  /** There is no such session any more, and the server does not know why, as after a restart. */
  | 'session-gone'
  /** This browser is in another session now; this one may go on without it. */
  | 'session-other'
  /** The server wants a session that somebody opens first. */
  | 'session-required'
  /** The server wants a login first (401 or 403). */
  | 'login-required'
  /** The code of a refusal that has ended the connection, such as too-many-frames. */
  | (string & {});

export interface Identity {
  /** Null for anonymous visitors. */
  principal: string | null;
  roles: string[];
}

/** What the server's session API says of a session; times of day are ISO 8601. */
export interface SessionView extends Identity {
  /** Its fingerprint. */
  link: string;
  createdAt: string;
  lastActivity: string;
  /** Null where the session does not expire. */
  timeoutSeconds: number | null;
  remainingSeconds: number | null;
  /** Null where there is no greatest age. */
  ageRemainingSeconds: number | null;
  sockets: number;
}

export interface SessionLinkEventMap {
  connecting: CustomEvent<{ byItself: boolean }>;
  /** `link` is undefined where the server does not say it. */
  connected: CustomEvent<{ link: string | undefined }>;
  /** The delay is in milliseconds, and undefined where it waits for the browser (offline, hidden). */
  waiting: CustomEvent<{ why: WhyWaiting; delay?: number }>;
  /** `link` is the session that has ended, undefined where this tab was in none. */
  ended: CustomEvent<{ cause: EndCause; link?: string }>;
  /** The session ends then unless somebody is active: milliseconds since the epoch, by this machine's clock. */
  expiring: CustomEvent<{ deadline: number }>;
  /** The session lasts until then at least; null for ever. */
  extended: CustomEvent<{ deadline: number | null }>;
  identity: CustomEvent<Identity>;
  /** A frame, a message or a request was refused; `code` such as name-blank. */
  refused: CustomEvent<{ code: string; sentence: string }>;
  /** The server has taken back a subscription, which is not made again. */
  revoked: CustomEvent<{ destination: string; reason: string }>;
  /** All that was missed of a destination while there was no connection has come, so many messages. */
  recovered: CustomEvent<{ destination: string; count: number }>;
  /** Messages of a destination are missed, and do not come: ask the application for what is so now. */
  gap: CustomEvent<{ destination: string }>;
  /** The server's message broker has gone away, or is back with all subscriptions; the connection stays. */
  broker: CustomEvent<{ away: boolean }>;
  /** Each frame, but for heart-beats; `length` is that of the body in bytes, as far as the frame says it. */
  frame: CustomEvent<{ out: boolean; command: string; headers: Record<string, string>; length: number }>;
  /** Whatever has closed the connection but stop(), start() and the page's own end. */
  closed: CustomEvent<{ code: number; reason: string; clean: boolean }>;
}

/** A STOMP connection that never lies about whose session it is in. */
export class SessionLink extends EventTarget {
  constructor(options: SessionLinkOptions);
  readonly state: State;
  /** Fingerprint of the session that this tab is in, or follows; undefined where it knows none. */
  readonly link: string | undefined;
  /** Who is logged in, as the server has said it of this session. */
  readonly identity: Identity | undefined;
  /** The server's name for this tab's connection, once it has said it. */
  readonly socket: string | undefined;
  /** Connects under the session that there is now, also where the one before has ended: a person's doing. */
  start(): void;
  /** Closes, and stays closed: no timer is left, and nothing is heard of other tabs. */
  stop(): void;
  /**
   * Asks for the session without connecting, and follows it until stop(): identity, extended, expiring
   * and ended come as in a tab that is connected. Returns undefined where there is none, or nobody answers.
   */
  look(): Promise<SessionView | undefined>;
  /**
   * Made again by each connection; forgotten at the end of the session unless `keep` is true. With `resume`
   * what was missed meanwhile comes first, as far as the server keeps it: recovered or gap tells. The other
   * headers go to the server. Returns what ends it.
   */
  subscribe(destination: string, listener: (message: IMessage) => void, headers?: Record<string, string | boolean>): () => void;
  /**
   * Sends text and bytes as they are, all else as JSON. Throws where there is no connection, unless it is
   * coming back unnoticed, as after a login.
   *
   * With `once` it is kept until the server says that it was handled, and sent again under the same session
   * after a cut, also what is sent while it waits for one; the server handles it once. At most 50 of them and
   * 262,144 characters are kept: then it throws. What the end of the session keeps from being sent, refused
   * tells (not-sent).
   */
  send(destination: string, body?: unknown, headers?: Record<string, string | boolean>): void;
  /** “Stay signed in”: over the socket, or over HTTP where there is none. Never fails: refused tells what went wrong. */
  extend(): Promise<void>;
  /**
   * Whoever types or clicks in the element is active: told to the server at most once per tenth of the
   * session's timeout. Returns what ends it.
   */
  keepAliveWhile(element: EventTarget): () => void;
  addEventListener<K extends keyof SessionLinkEventMap>(type: K, listener: (event: SessionLinkEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof SessionLinkEventMap>(type: K, listener: (event: SessionLinkEventMap[K]) => void, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
}
