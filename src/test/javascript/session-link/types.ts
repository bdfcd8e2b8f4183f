// What an application in TypeScript may write, and what it may not.
import { Client } from '@stomp/stompjs';
import { SessionLink, type EndCause, type SessionView, type WhyWaiting } from 'session-link';

const link = new SessionLink({
  url: new URL('https://host/greeting'), Client, session: '/session', heartbeat: 5_000, prefix: '/app',
  csrf: async () => ({ 'X-CSRF-TOKEN': 'secret' }),
});

link.addEventListener('connecting', ({ detail }) => { const byItself: boolean = detail.byItself; return byItself; });
link.addEventListener('connected', ({ detail }) => { const fingerprint: string | undefined = detail.link; return fingerprint; });
link.addEventListener('waiting', ({ detail }) => { const why: [WhyWaiting, number | undefined] = [detail.why, detail.delay]; return why; });
link.addEventListener('ended', ({ detail }) => { const cause: EndCause = detail.cause; return cause === 'session-expired'; });
link.addEventListener('expiring', ({ detail }) => new Date(detail.deadline), { once: true });
link.addEventListener('extended', ({ detail }) => detail.deadline ?? 'never');
link.addEventListener('identity', ({ detail }) => detail.roles.includes('GUEST') && detail.principal?.length);
link.addEventListener('refused', ({ detail }) => `${detail.code}: ${detail.sentence}`);
link.addEventListener('revoked', ({ detail }) => `${detail.destination}: ${detail.reason}`);
link.addEventListener('frame', ({ detail }) => detail.out && detail.headers['destination']);
link.addEventListener('closed', ({ detail }) => detail.clean ? detail.code : detail.reason);
// @ts-expect-error: the deadline is no text
link.addEventListener('expiring', ({ detail }) => detail.deadline.toUpperCase());
// @ts-expect-error: there is no connection without the library
new SessionLink({ url: 'greeting' });
// @ts-expect-error: the link says itself in what state it is
link.state = 'connected';
// @ts-expect-error: there is no such state
const away: boolean = link.state === 'disconnected';

const end: () => void = link.subscribe('/topic/reply', (message) => message.body.length, { keep: true, id: 'mine' });
const seen: Promise<SessionView | undefined> = link.look();
const asked: Promise<void> = link.extend();
const release: () => void = link.keepAliveWhile(document);
link.send('/app/message', { name: 'Ada' }, { priority: '1' });
link.send('/app/message', { name: 'Ada' }, { once: true });
link.subscribe('/topic/reply', () => {}, { resume: true });
link.addEventListener('recovered', ({ detail }) => `${detail.destination}: ${detail.count + 1}`);
link.addEventListener('gap', ({ detail }) => detail.destination.length);
link.start();
link.stop();
export default [away, end, seen, asked, release, link.link, link.identity?.principal, link.socket];
